import { z } from 'zod';
import { isRfc3339 } from './rfc3339-time.ts';

/**
 * A telephone number as events carry it: digits, or `+` and digits from abroad; `nationalNumber` reads it.
 * Whether a line can have such a number is not checked here: one that nobody has is `unknown-number`, not malformed.
 */
export const phoneNumber = z
  .string()
  .regex(/^(?!\+810?$)\+?\d{1,32}$/, {
    error: 'expected a telephone number: digits only, from abroad + and digits',
  })
  .meta({ description: 'National digits, or + and digits from abroad; +81… is read as 0…' });

/** Japan's country code after `+` or a dialled international prefix; a bare 81 only where nothing else fits. */
const JAPAN = /^(?:\+810?(?=\d)|(?:00|010)810?(?=[1-9]\d{8,9}$)|81(?=[1-9]\d{9}$))/;

/** A number as it is dialled in Japan: `+81…`, `+810…`, `81…` (12 digits), `0081…` and `01081…` become `0…`. */
export function nationalNumber(number: string): string {
  return number.replace(JAPAN, '0');
}

/** RFC 3339 with an offset; `instantOf` reads it. */
export const time = z
  .string()
  .meta({ format: 'date-time', description: 'RFC 3339 with an offset' })
  .refine(isRfc3339, {
    error: 'expected a time as RFC 3339 with an offset, like 2026-11-21T10:00:00+09:00',
  });

/** A whole number from 0. */
export const count = z.int().min(0);

/**
 * An attribute of CloudEvents, or an id that the sender chose: it appears in headers, keys and logs, so it must contain
 * no control characters.
 */
export const identifier = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,1024}$/u, {
  error: 'expected 1 to 1024 characters, none of them a control character',
});

/** A secret that `seal` sealed. */
export const sealedSecret = z
  .string()
  .regex(/^v1(\.[\w-]+){4}$/, { error: 'expected v1.<key id>.<iv>.<ciphertext>.<tag> in base64url' });

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
  .refine(({ number, withheld }) => (number === undefined) !== (withheld === undefined), {
    error: 'expected one of number and withheld, and not both',
  });

/**
 * Why a caller shows no number, as Number Display names it: P by choice, C public phone, O not available, S conflicting
 * services.
 */
export type WithheldReason = NonNullable<z.output<typeof party>['withheld']>;

/** Who rang or sent: national digits (`0312345678`), E.164 from abroad (`+14155550100`), or withheld. */
export type Party = { readonly number: string } | { readonly withheld: WithheldReason };

/** Reads `party`, which allows exactly one of the two. */
export function toParty({ number, withheld }: z.output<typeof party>): Party {
  return number === undefined ? { withheld: withheld as WithheldReason } : { number: nationalNumber(number) };
}

/** CloudEvents' `sequence` orders as text: digits, with zeros before them. */
const SEQUENCE = /^\d{16}$/;

/** The text of a sequence number. */
export function encodeSequence(sequence: number): string {
  return String(sequence).padStart(16, '0');
}

/** The number of such a text; `undefined` when it is none. */
export function decodeSequence(text: string): number | undefined {
  return SEQUENCE.test(text) ? Number(text) : undefined;
}
