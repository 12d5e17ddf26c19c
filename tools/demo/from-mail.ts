import { setTimeout as delay } from 'node:timers/promises';
import { readTexts } from './inbox.ts';

const LIMIT_MS = 60_000;

/** Waits for a mail that has what is looked for, and resolves with the newest. */
export async function fromMail(
  inbox: string,
  address: string,
  pattern: RegExp,
  signal: AbortSignal,
): Promise<string> {
  for (const end = Date.now() + LIMIT_MS; Date.now() < end;) {
    signal.throwIfAborted();
    const texts = await readTexts(inbox, address);
    const found = texts.flatMap((text) => pattern.exec(text)?.[0] ?? []).at(-1);
    if (found !== undefined) return found;
    await delay(100);
  }
  throw new Error(`no mail to ${address} had ${String(pattern)} within ${LIMIT_MS / 1000} s`);
}
