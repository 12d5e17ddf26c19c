import { z } from 'zod';
import type { ParsedNumber } from './telephone-number.ts';
import type { TextProblem } from './text-problem.ts';

/** The longest name of a person or a company. */
export const MAX_NAME = 100;
/**
 * Control characters, line ends, halves of surrogate pairs, and characters that change the direction of writing: none
 * of these belongs in a line of a mail.
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

/** A telephone number as a person writes it; returns it normalised. `parse` says which numbers are accepted. */
export function telephoneNumber(parse: (text: string) => ParsedNumber): z.ZodType<string> {
  return z.string().transform((text, context) => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.number;
    for (const problem of parsed.problems) addProblem(context, problem);
    return z.NEVER;
  });
}

/** One line of visible text, of at most `most` characters. */
export function lineOfText(most: number): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    if (text.length > most)
      addProblem(context, { code: 'text-length', message: `at most ${most} characters, got ${text.length}` });
    const index = text.search(UNPRINTABLE);
    if (index < 0) return;
    const message = `expected one line of visible text, got a control character at position ${index + 1}`;
    addProblem(context, { code: 'text-character', message });
  });
}

/** Refuses a list that is longer than the limit. */
export function checkMost(most: number, items: readonly unknown[], context: z.RefinementCtx): void {
  if (items.length <= most) return;
  addProblem(context, { code: 'too-many', message: `at most ${most}, got ${items.length}` });
}

/** Refuses every entry whose key an earlier one has; `field` is the path of the key in an entry. */
export function checkDuplicates<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  field: readonly string[],
  context: z.RefinementCtx,
): void {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const first = seen.get(keyOf(item));
    if (first === undefined) seen.set(keyOf(item), index);
    else
      addProblem(context, { code: 'duplicate', message: `the same as entry ${first + 1}` }, [
        index,
        ...field,
      ]);
  }
}

/** Reports a problem with its code, which `readDocument` returns, at a path below the checked value. */
export function addProblem(
  context: z.RefinementCtx,
  problem: TextProblem,
  path: readonly PropertyKey[] = [],
): void {
  context.addIssue({
    code: 'custom',
    message: problem.message,
    params: { code: problem.code },
    path: [...path],
  });
}
