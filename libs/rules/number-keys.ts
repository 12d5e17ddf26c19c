import type { z } from 'zod';
import { addProblem } from './input-checks.ts';
import { parseSubscriberNumber } from './telephone-number.ts';

/**
 * Entries by number as a person writes them → the same, their keys normalised. Reports every key that is no number of
 * the line, or that is one for the second time, below `path`.
 */
export function withNumberKeys<T>(
  entries: Readonly<Record<string, T>>,
  numbers: readonly string[],
  context: z.RefinementCtx,
  path: readonly string[],
): Record<string, T> {
  const read = new Map<string, T>();
  for (const [key, value] of Object.entries(entries)) {
    const parsed = parseSubscriberNumber(key);
    if (!parsed.ok) for (const problem of parsed.problems) addProblem(context, problem, [...path, key]);
    else if (!numbers.includes(parsed.number))
      addProblem(context, { code: 'number-unknown', message: 'expected a number of the line' }, [
        ...path,
        key,
      ]);
    else if (read.has(parsed.number))
      addProblem(context, { code: 'duplicate', message: `${parsed.number} is named twice` }, [...path, key]);
    else read.set(parsed.number, value);
  }
  return Object.fromEntries(read);
}
