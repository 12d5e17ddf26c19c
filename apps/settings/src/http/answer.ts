import type { Recipient } from '#rules';
import type { Precondition, Refusal, Stored } from '#settings';
import { problems, type HttpProblem } from './problem.ts';

/**
 * Returns a use case's result; throws a refusal as a problem. `condition` is the request's condition on the version.
 */
export function given<R extends { readonly ok: true }>(result: R | Refusal, condition: Precondition = {}): R {
  if (result.ok) return result;
  throw problemOfRefusal(result, condition);
}

function problemOfRefusal(refusal: Refusal, { ifMatch }: Precondition): HttpProblem {
  switch (refusal.kind) {
    case 'not-found':
      return problems.unknown(refusal.what);
    case 'not-contracted':
      return problems.notContracted(refusal.service);
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

/** A recipient as it is read back: an address that would not be accepted anew says why (C13). */
type ShownRecipient = Recipient & { readonly warning?: string };

/** A notice as the API answers it, each warning beside its address. */
export function shownNotice<N extends { readonly recipients: readonly Recipient[] }>({
  value,
  warnings,
}: Pick<Stored<N>, 'value' | 'warnings'>): Omit<N, 'recipients'> & {
  readonly recipients: readonly ShownRecipient[];
} {
  const recipients = value.recipients.map((one, index) => {
    const kept = warnings.filter(({ path }) => path === `recipients.${index}.address`);
    if (kept.length === 0) return one;
    return {
      ...one,
      warning: `kept from earlier years: ${kept.map(({ message }) => message).join('; ')}`,
    };
  });
  return { ...value, recipients };
}
