import pMap from 'p-map';
import { japanTime } from '#events';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { joinCalls } from '../connection/join-calls.ts';
import { createKeys } from '../keys.ts';
import {
  createReadContractEnds,
  createReadOwners,
  ofCurrentContract,
  type Happened,
} from './current-contract.ts';
import { HISTORY } from './history-scripts.ts';
import { packFax, unpackFax } from './pack-fax.ts';
import { readHead } from './pack-outcome.ts';
import type { ReceivedFax, ReceivedFaxes } from './received-faxes.ts';

export interface ReceivedFaxesOptions {
  /** How long FAXes are listed, in whole days. Default: 30 (F2). */
  readonly keptDays?: number;
  /** How many FAXes are kept of a number, the newest. Default: 1,000. */
  readonly perNumber?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** The Redis with the settings, which say who has a number. Default: the history's own. */
  readonly settings?: RedisConnection;
}

const DAY_MS = 86_400_000;
const AT_ONCE = 256;

/** The index of received FAXes in the history's Redis: a list of packed FAXes for each number (ADR 0017, 0018). */
export function createReceivedFaxes(
  redis: RedisConnection,
  { keptDays = 30, perNumber = 1_000, now = Date.now, settings = redis }: ReceivedFaxesOptions = {},
): ReceivedFaxes {
  const { client, keyPrefix } = redis;
  const keys = createKeys(keyPrefix);
  const call = joinCalls(redis, 'keeping a FAX', HISTORY);
  const [contractEnds, owners] = [createReadContractEnds(settings), createReadOwners(settings)];
  const keptMs = keptDays * DAY_MS;
  return {
    async keep(faxes) {
      const at = seconds(now());
      const oldest = at - seconds(keptMs);
      const ours = await ofCurrentContract(contractEnds, faxes.map(happened));
      const keepOne = ({ fax, number }: (typeof ours)[number]): Promise<unknown> =>
        // Nothing else tells whether an event came before, and a number has few FAXes: its list is looked through.
        call('keep', keys.faxesOf(number), [packFax(fax, at), seconds(keptMs), perNumber, oldest, 1]);
      await pMap(ours, keepOne, { concurrency: AT_ONCE });
    },
    async ofNumber(number) {
      const read = (): Promise<Buffer[]> => client.lrangeBuffer(keys.faxesOf(number), 0, -1);
      const entries = (await answered(client, 'reading FAXes', read)).map(readHead);
      const recent = entries
        .filter(({ at }) => at >= now() - keptMs)
        .map((entry) => unpackFax(number, entry));
      const shown = await ofCurrentContract(owners, recent.map(happened));
      return shown.map(({ fax }) => fax).toSorted((one, other) => other.at - one.at);
    },
  };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** A FAX as something that happened to its number. */
function happened<T extends ReceivedFax>(fax: T): Happened & { readonly fax: T } {
  return { fax, number: fax.calledNumber, lineNumber: fax.lineNumber, at: japanTime(fax.at) };
}
