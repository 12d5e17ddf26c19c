import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A relay in front of a mail server that holds back its answer to each message. */
interface SlowRelay {
  readonly url: string;
  close(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('slow-relay-child.ts', import.meta.url));

/** Starts it in a child process; `smtp-sink` itself can be slow by whole seconds only. */
export async function startSlowRelay(serverPort: number, holdMs: number): Promise<SlowRelay> {
  const child = fork(CHILD, [String(serverPort), String(holdMs)]);
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: async () => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
