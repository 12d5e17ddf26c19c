import { StreamableFile } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { SiteRequest } from './site-request.ts';

/** An answer that is no page: bytes as they come from elsewhere. Whoever answers with it gives the stream away. */
export interface Download {
  readonly stream: Readable;
  readonly headers: Readonly<Record<string, string>>;
}

/** How long neither the browser may take nor the store give another byte. */
const STALLED_MS = 60_000;

/**
 * Writes the headers of a download, and returns what Nest sends. The stream is closed with the connection; one that
 * breaks off or stalls takes the connection with it, so that no browser takes a part for the whole, and none keeps a
 * document of the store open by not reading on.
 */
export function streamAnswer(
  { method }: SiteRequest,
  response: ServerResponse,
  { stream, headers }: Download,
  stalledMs = STALLED_MS,
): StreamableFile {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.once('close', () => stream.destroy());
  response.setTimeout(stalledMs, () => void response.destroy());
  // The browser may have left while the stream was opened.
  const isWanted = method !== 'HEAD' && !response.destroyed;
  if (!isWanted) stream.destroy();
  const file = new StreamableFile(isWanted ? stream : Readable.from([]));
  return file.setErrorHandler(() => void response.destroy());
}
