import type { z } from 'zod';
import { parseSubscriberNumber, readDocument } from '#rules';
import type { LineWriteResult, Precondition, WriteResult } from '#settings';
import { problems, type HttpProblem } from './problem.ts';

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

/** What a write on a condition gave; throws 404, 409 (`takenAt` says where the number stands in the document) or 412. */
export function written(
  result: WriteResult | LineWriteResult,
  what: 'line' | 'number',
  condition: Precondition,
  takenAt: (number: string) => string = () => '',
): { readonly version: string; readonly created: boolean } {
  switch (result.kind) {
    case 'written':
      return result;
    case 'unknown':
      throw problems.unknown(what);
    case 'stale':
      throw stale(condition);
    case 'taken':
      throw problems.taken(takenAt(result.number), result.lineNumber);
  }
}

/** 412, with the header that stood in the way, or the first of two. */
export function stale({ ifMatch }: Precondition): HttpProblem {
  return problems.stale(ifMatch ? 'if-match' : 'if-none-match');
}
