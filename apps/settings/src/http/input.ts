import type { z } from 'zod';
import type { WriteResult } from '#redis';
import { parseSubscriberNumber, readDocument } from '#rules';
import { problems } from './problem.ts';

/** The number that a path names, normalised. One that can be nobody's is not known: 404. */
export function numberInPath(text: string, what: 'line' | 'number'): string {
  const parsed = parseSubscriberNumber(text);
  if (!parsed.ok) throw problems.unknown(what);
  return parsed.number;
}

/** A document by its schema, or 422 with all that is wrong with it. */
export function documentOf<T>(schema: z.ZodType<T>, body: unknown): T {
  const read = readDocument(schema, body);
  if (!read.ok) throw problems.invalid(read.errors);
  return read.value;
}

/** What a write gave; throws 404, 409 (`takenAt` says where the number stands in the document) or 412. */
export function written(
  result: WriteResult,
  what: 'line' | 'number',
  takenAt: (number: string) => string = () => '',
): { readonly version: string; readonly created: boolean } {
  switch (result.kind) {
    case 'written':
      return result;
    case 'unknown':
      throw problems.unknown(what);
    case 'stale':
      throw problems.stale();
    case 'taken':
      throw problems.taken(takenAt(result.number), result.lineNumber);
  }
}
