import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TakenMail } from './recording-sink-child.ts';

/** A mail server in a process of its own that remembers when it took which recipient's mail. */
export interface RecordingSink {
  readonly url: string;
  /** When the mail to an address was taken (epoch ms); `undefined` while it was not. */
  takenAt(address: string): number | undefined;
  close(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('recording-sink-child.ts', import.meta.url));

/** Starts it on a port of its own. */
export async function startRecordingSink(): Promise<RecordingSink> {
  const taken = new Map<string, number>();
  const child = fork(CHILD);
  const [port] = (await once(child, 'message')) as [number];
  child.on('message', (mails: readonly TakenMail[]) => {
    for (const [address, at] of mails) taken.set(address, at);
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    takenAt: (address) => taken.get(address),
    close: async () => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
