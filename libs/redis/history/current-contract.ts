import { parseRfc3339 } from '#events';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { readTexts } from '../connection/read-texts.ts';
import { parseNumber } from '../settings/documents.ts';
import type { Outcome } from './outcome-history.ts';

/** The history's view of who has a number. */
export interface NumberOwner {
  /** When the number last left a contract, in epoch milliseconds; 0 when not within the time that the history covers. */
  readonly leftAt: number;
  /** The line that the number is on now. Absent when there is none. */
  readonly lineNumber?: string;
}

/** Something that happened to a number: an outcome, or a FAX that was received. */
export type Happened = Pick<Outcome, 'number' | 'lineNumber' | 'at'>;

/**
 * V6: whether an outcome belongs to the current contract of its number and so may be shown to its owner. Not if it happened
 * before the number last left a contract, nor if it is of another line. The time at which the number was added does not
 * matter: what happened to a new number before that is nobody else's. Pure; an outcome with an unreadable time counts as
 * the oldest.
 */
export function isOfCurrentContract({ at, lineNumber }: Happened, owner: NumberOwner): boolean {
  if ((parseRfc3339(at) ?? 0) < owner.leftAt) return false;
  return lineNumber === null || owner.lineNumber === undefined || lineNumber === owner.lineNumber;
}

/** Reads the owners of numbers. Rejects with a `RedisError`. */
export type ReadOwners = (numbers: readonly string[]) => Promise<readonly NumberOwner[]>;

/** Reads when each number last left a contract, and its current line. `redis` is the one with the settings. */
export function createReadOwners(redis: RedisConnection): ReadOwners {
  const keys = createKeys(redis.keyPrefix);
  const readContractEnds = createReadContractEnds(redis);
  return async (numbers) => {
    const [ends, texts] = await Promise.all([
      readContractEnds(numbers),
      readTexts(redis, 'reading whose a number is', numbers.map(keys.number)),
    ]);
    return ends.map((end, at) => {
      const text = texts[at];
      return text ? { ...end, lineNumber: lineOf(text, numbers[at] ?? '') } : end;
    });
  };
}

/** Reads only when each number last left a contract. Enough for storing outcomes, which no broken document may block. */
export function createReadContractEnds(redis: RedisConnection): ReadOwners {
  const keys = createKeys(redis.keyPrefix);
  return async (numbers) => {
    const texts = await readTexts(redis, 'reading when a number left', numbers.map(keys.left));
    return texts.map((text) => ({ leftAt: Number(text ?? 0) }));
  };
}

/** What belongs to the current contracts of its numbers. */
export async function ofCurrentContract<T extends Happened>(
  read: ReadOwners,
  items: readonly T[],
): Promise<T[]> {
  const numbers = [...new Set(items.map(({ number }) => number))];
  const owners = await read(numbers);
  const ownerOf = new Map(numbers.map((number, at) => [number, owners[at]]));
  return items.filter((item) => isOfCurrentContract(item, ownerOf.get(item.number) ?? { leftAt: 0 }));
}

const lineOf = (text: string, number: string): string => parseNumber(text, number).settings.lineNumber;
