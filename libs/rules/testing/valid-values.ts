import fc from 'fast-check';
import { parseAddress } from '../address.ts';
import { parseCallerNumber, parseSubscriberNumber } from '../telephone-number.ts';

const characters = (text: string): fc.Arbitrary<string> => fc.constantFrom(...text.split(''));
const LETTERS = '0123456789abcXYZ';

/** Addresses that C13 accepts anew. */
export const someAddress: fc.Arbitrary<string> = fc
  .tuple(
    fc.string({ unit: characters(`${LETTERS}-_.!$%'*+/?^#`), minLength: 1, maxLength: 63 }),
    fc.array(fc.string({ unit: characters(`${LETTERS}-`), minLength: 1, maxLength: 12 }), {
      minLength: 2,
      maxLength: 4,
    }),
  )
  .map(([local, labels]) => `${local}@${labels.join('.')}`)
  .filter((address) => {
    const parsed = parseAddress(address);
    return parsed.ok && !parsed.legacy;
  });

const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: characters('0123456789'), minLength, maxLength });

/** National numbers, normalised. Nobody has one that begins with two zeros, of which a spreadsheet leaves none. */
export const someNumber: fc.Arbitrary<string> = digits(9, 10)
  .filter((rest) => !rest.startsWith('0'))
  .map((rest) => `0${rest}`)
  .filter((text) => parseSubscriberNumber(text).ok);

/** Callers, normalised: national ones, and such from abroad. */
export const someCaller: fc.Arbitrary<string> = fc
  .oneof(
    someNumber,
    digits(7, 15).map((rest) => `+${rest}`),
  )
  .filter((text) => {
    const parsed = parseCallerNumber(text);
    return parsed.ok && parsed.number === text;
  });
