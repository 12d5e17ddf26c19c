import path from 'node:path';
import {
  serversDown,
  serversReset,
  serversUp,
  STACK_FOLDER,
  type StackAddresses,
} from '../../tools/stack/servers.ts';

/** The servers of a bench run, empty at its start. */
export type BenchServers = StackAddresses;

/** Topics full of calls that become no mail, and topics for calls that do. */
export const DECIDING_PREFIX = 'bench.';
export const MAILING_PREFIX = 'bench-mail.';
/** A topic full of what an outage left waiting. */
export const RECOVERY_PREFIX = 'bench-recovery.';
export const REDIS_KEY_PREFIX = 'bench:';
export const BENCH_SEAL_KEY = { id: 'bench', key: Buffer.alloc(32, 1) };

const folder = path.join(STACK_FOLDER, 'bench');

/** Runs `work` on servers of its own, which have ended when it resolves. */
export async function withBenchServers<T>(
  say: (text: string) => void,
  signal: AbortSignal,
  work: (servers: BenchServers) => Promise<T>,
): Promise<T> {
  await serversReset(folder, say, signal);
  try {
    return await work(await serversUp(folder, say, signal));
  } finally {
    await serversDown(folder);
  }
}
