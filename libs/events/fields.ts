import { z } from 'zod';
import { parseRfc3339 } from './rfc3339-time.ts';

/**
 * A telephone number as events carry it: digits, or `+` and digits from abroad; Japan's own `+81…` is read as `0…`.
 * Whether a line can have such a number is not asked here: one that nobody has is `unknown-number`, not malformed.
 */
export const phoneNumber = z
  .string()
  .regex(/^\+?\d{1,32}$/, { error: 'expected a telephone number: digits only, from abroad + and digits' })
  .overwrite((number) => (number.startsWith('+81') ? `0${number.slice(3)}` : number))
  .meta({ description: 'National digits, or + and digits from abroad; +81… is read as 0…' });

/** RFC 3339 with an offset, read as epoch milliseconds. */
export const time = z
  .string()
  .meta({ format: 'date-time', description: 'RFC 3339 with an offset' })
  .transform((text, context) => {
    const ms = parseRfc3339(text);
    if (ms === undefined) {
      return refuse(context, 'expected a time as RFC 3339 with an offset, like 2026-11-21T10:00:00+09:00');
    }
    return ms;
  });

/** A whole number from 0. */
export const count = z.int().min(0);

/** An attribute of CloudEvents, or an id of the sender's choice: it stands in headers, keys and logs, so no controls. */
export const identifier = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, { error: 'expected text that is not empty and has no control characters' })
  .max(1024, { error: 'expected at most 1024 characters' });

/** Who rang or sent: a number, or why it is withheld; never both. */
export const party = z
  .object({
    number: phoneNumber.exactOptional(),
    withheld: z
      .enum(['P', 'C', 'O', 'S'])
      .meta({ description: 'P by choice, C public phone, O not available, S conflicting services' })
      .exactOptional(),
  })
  .meta({ oneOf: [{ required: ['number'] }, { required: ['withheld'] }] })
  .transform(({ number, withheld }, context) => {
    if (number !== undefined && withheld === undefined) return { number };
    if (withheld !== undefined && number === undefined) return { withheld };
    return refuse(context, 'expected one of number and withheld, and not both');
  });

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
