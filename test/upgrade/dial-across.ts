import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { dial } from '../../apps/switch/src/dial.ts';
import type { NotifierProcess } from '../chaos/notifier-process.ts';

/** The token that the media server shows the voice apps. */
export const VOICE_TOKEN = 'upgrade-voice-token';

const LIMIT_MS = 60_000;

/**
 * Dials a temporary password for the whole line (A2). Each step of the call comes to another of the voice apps, as behind
 * a load balancer. Rejects when the dialogue does not come to its end.
 */
export async function dialAcross(
  voices: readonly NotifierProcess[],
  lineNumber: string,
  password: string,
): Promise<void> {
  let steps = 0;
  const balancer = createServer((request, response) => {
    const { address = '' } = voices[steps % voices.length] ?? {};
    steps += 1;
    passOn(request, response, address).catch(() => response.destroy());
  });
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  const voice = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
  const keys = ['1', password, password];
  const phone = {
    print: () => undefined,
    readKeys: async () => keys.shift(),
    signal: AbortSignal.timeout(LIMIT_MS),
  };
  try {
    await dial({ from: lineNumber, voice, token: VOICE_TOKEN }, phone);
  } finally {
    balancer.closeAllConnections();
    balancer.close();
  }
  if (keys.length > 0 || steps < voices.length) throw new Error(`${lineNumber} could not dial a password`);
}

async function passOn(request: IncomingMessage, response: ServerResponse, to: string): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const body = await buffer(request);
  const answer = await fetch(`${to}${url}`, {
    method,
    headers: {
      authorization: headers.authorization ?? '',
      ...(headers['content-type'] && { 'content-type': headers['content-type'] }),
    },
    ...(method === 'POST' && { body }),
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
  response.end(await answer.text());
}
