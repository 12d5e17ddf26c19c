import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TakenMail } from './recording-sink-child.ts';

/** A mail server in a child process that records when it accepted each recipient's mail. */
export interface RecordingSink {
  readonly url: string;
  /** When the mail to an address was accepted (epoch ms); `undefined` before that. */
  takenAt(address: string): number | undefined;
  /** How many mails to an address were accepted. */
  countOf(address: string): number;
  /** How many mails were accepted in total. */
  readonly total: number;
  close(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('recording-sink-child.ts', import.meta.url));

/** Starts it on a free port. */
export async function startRecordingSink(): Promise<RecordingSink> {
  const taken = new Map<string, number>();
  const counts = new Map<string, number>();
  let total = 0;
  const child = fork(CHILD);
  const [port] = (await once(child, 'message')) as [number];
  child.on('message', (mails: readonly TakenMail[]) => {
    total += mails.length;
    for (const [address, at] of mails) {
      taken.set(address, at);
      counts.set(address, (counts.get(address) ?? 0) + 1);
    }
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    takenAt: (address) => taken.get(address),
    countOf: (address) => counts.get(address) ?? 0,
    get total() {
      return total;
    },
    close: async () => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
