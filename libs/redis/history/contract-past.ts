import { parseRfc3339 } from '#events';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { readTexts } from '../connection/read-texts.ts';
import { parseNumber } from '../settings/documents.ts';
import type { Outcome } from './outcome-history.ts';

/** Whose a number is, as far as its history asks. */
export interface NumberOwner {
  /** Epoch ms at which the number last left a contract; 0 when it did not within the time that the history shows. */
  readonly leftAt: number;
  /** The line that has the number now; absent when none has. */
  readonly lineNumber?: string;
}

/**
 * V6: whether an outcome of a number may be shown to who has the number now: not when it happened before the number last
 * left a contract, nor when it is of another line. Not the time at which the number came: what happened to a new number
 * before that is nobody else's. Pure; an outcome whose time cannot be read counts as the oldest.
 */
export function isOwnPast({ at, lineNumber }: Outcome, owner: NumberOwner): boolean {
  if ((parseRfc3339(at) ?? 0) < owner.leftAt) return false;
  return lineNumber === null || owner.lineNumber === undefined || lineNumber === owner.lineNumber;
}

/** Reads whose numbers are. Rejects with a `RedisError`. */
export type ReadOwners = (numbers: readonly string[]) => Promise<readonly NumberOwner[]>;

/** When each number last left a contract, and which line has it now; `redis` is the one that keeps the settings. */
export function createReadOwners(redis: RedisConnection): ReadOwners {
  const keys = createKeys(redis.keyPrefix);
  const readLeavings = createReadLeavings(redis);
  return async (numbers) => {
    const [leavings, texts] = await Promise.all([
      readLeavings(numbers),
      readTexts(redis, 'reading whose a number is', numbers.map(keys.number)),
    ]);
    return leavings.map((leaving, at) => {
      const text = texts[at];
      return text ? { ...leaving, lineNumber: lineOf(text, numbers[at] ?? '') } : leaving;
    });
  };
}

/** Only when each number last left a contract: enough for what is kept, which must not wait for a broken document. */
export function createReadLeavings(redis: RedisConnection): ReadOwners {
  const keys = createKeys(redis.keyPrefix);
  return async (numbers) => {
    const texts = await readTexts(redis, 'reading when a number left', numbers.map(keys.left));
    return texts.map((text) => ({ leftAt: Number(text ?? 0) }));
  };
}

/** Those outcomes that `isOwnPast` lets their numbers' owners see. */
export async function ownPast(read: ReadOwners, items: readonly Outcome[]): Promise<Outcome[]> {
  const numbers = [...new Set(items.map(({ number }) => number))];
  const owners = await read(numbers);
  const ownerOf = new Map(numbers.map((number, at) => [number, owners[at]]));
  return items.filter((item) => isOwnPast(item, ownerOf.get(item.number) ?? { leftAt: 0 }));
}

const lineOf = (text: string, number: string): string => parseNumber(text, number).settings.lineNumber;
