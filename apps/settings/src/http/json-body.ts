import type { IncomingMessage } from 'node:http';
import { isJsonType } from '#events';
import { problems, type HttpProblem } from './problem.ts';

export const MAX_BODY_BYTES = 64 * 1024;

/** What is wrong with the headers of a request that should carry JSON; an empty body is reported later, as not JSON. */
export function mediaTypeProblem(headers: IncomingMessage['headers']): HttpProblem | undefined {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.toLowerCase() !== 'identity')
    return problems.mediaType('headers.content-encoding', 'expected none');
  if (type === undefined) {
    const empty =
      headers['content-length'] === '0' ||
      (headers['content-length'] ?? headers['transfer-encoding']) === undefined;
    return empty ? undefined : wrongType();
  }
  return isJsonType(type) ? undefined : wrongType();
}

const wrongType = (): HttpProblem =>
  problems.mediaType('headers.content-type', 'expected application/json, in UTF-8');

/** Reads JSON in UTF-8 (RFC 8259); throws 400 for anything else. */
export function parseJson(bytes: Buffer | undefined): unknown {
  if (bytes === undefined || bytes.length === 0)
    throw problems.notJson('expected a JSON document, got an empty body');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    // The parser's message quotes the body, which may hold a code or an address.
    throw problems.notJson('expected JSON in UTF-8');
  }
}
