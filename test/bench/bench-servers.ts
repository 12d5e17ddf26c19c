import path from 'node:path';
import {
  serversDown,
  serversReset,
  serversUp,
  STACK_FOLDER,
  type StackAddresses,
} from '../../tools/stack/servers.ts';

/** The servers of a bench run, empty at its start. */
export interface BenchServers extends StackAddresses {
  readonly topicPrefix: string;
}

const folder = path.join(STACK_FOLDER, 'bench');

/** Runs `work` on servers of its own, which have ended when it resolves. */
export async function withBenchServers<T>(
  say: (text: string) => void,
  signal: AbortSignal,
  work: (servers: BenchServers) => Promise<T>,
): Promise<T> {
  await serversReset(folder, say, signal);
  try {
    const addresses = await serversUp(folder, say, signal);
    return await work({ ...addresses, topicPrefix: 'bench.' });
  } finally {
    await serversDown(folder);
  }
}
