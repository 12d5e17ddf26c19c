import type { z } from 'zod';
import { parseSubscriberNumber, readDocument } from '#rules';
import type { Precondition, Refusal } from '#settings';
import { problems, type HttpProblem } from './problem.ts';

/** What a use case gave; a refusal is thrown as the problem that tells it. `condition` is what was asked of the version. */
export function given<R extends { readonly ok: true }>(result: R | Refusal, condition: Precondition = {}): R {
  if (result.ok) return result;
  throw problemOfRefusal(result, condition);
}

function problemOfRefusal(refusal: Refusal, { ifMatch }: Precondition): HttpProblem {
  switch (refusal.kind) {
    case 'not-found':
      return problems.unknown(refusal.what);
    case 'invalid':
      return problems.invalid(refusal.errors);
    case 'conflict':
      // The header that stood in the way, or the first of two.
      return problems.stale(ifMatch ? 'if-match' : 'if-none-match');
    case 'taken':
      return problems.taken(refusal.path, refusal.lineNumber);
    case 'too-many':
      return refusal.limit === 'address'
        ? problems.tooMany(refusal.retryAfterSeconds, 'address', 'at most 5 test mails an hour to an address')
        : problems.tooMany(refusal.retryAfterSeconds, '', 'at most 20 test mails a day for a number');
    case 'invalid-key':
      return problems.invalid([
        { path: 'headers.idempotency-key', code: refusal.code, message: refusal.message },
      ]);
  }
}

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
