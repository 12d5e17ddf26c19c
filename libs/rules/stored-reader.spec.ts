import fc from 'fast-check';
import { compileCompletion } from '#events';
import { storedLineSettings } from './line-settings.ts';
import { storedNumberSettings } from './number-settings.ts';
import { storedReader } from './stored-reader.ts';

const odd = fc.oneof(fc.constantFrom(null, '', 0, true, [], {}, [null], [{}]), fc.jsonValue());

/** JSON of which any part may be missing or something else. */
function damaged(value: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(value)) return fc.oneof({ weight: 8, arbitrary: fc.tuple(...value.map(damaged)) }, odd);
  if (typeof value !== 'object' || value === null)
    return fc.oneof({ weight: 20, arbitrary: fc.constant(value) }, odd);
  const names = Object.keys(value);
  const fields: Record<string, fc.Arbitrary<unknown>> = { unknown: odd };
  for (const [name, field] of Object.entries(value)) fields[name] = damaged(field);
  const whole = fc.record(fields, { requiredKeys: names });
  const some = fc.record(fields, { requiredKeys: [] });
  return fc.oneof({ weight: 8, arbitrary: whole }, { weight: 8, arbitrary: some }, odd);
}

const notice = { enabled: true, recipients: [{ address: 'a@example.jp', enabled: true }] };
const number = {
  number: '0312345679',
  lineNumber: '0312345678',
  brand: 'ntt-east',
  callNotice: { ...notice, unansweredOnly: true, targetCallers: [{ number: '09012345678', enabled: false }] },
  faxNotice: notice,
  screening: { nuisanceCallers: ['0698765432'], numberRequest: true },
  services: ['call-notice'],
};
const line = {
  lineNumber: '0312345678',
  brand: 'ntt-east',
  contractor: '電話商店',
  numbers: ['0312345678'],
  services: { '0312345678': ['call-notice'] },
  faultNotice: { ...notice, location: '本店 1 階', autoStartTransfer: true },
};
const READ = [
  ['number', number, storedNumberSettings],
  ['line', line, storedLineSettings],
] as const;

describe('a stored reader', () => {
  it.each(READ)(
    'reads the settings of a %s as zod does, whatever is missing or odd',
    (_what, whole, schema) => {
      const read = storedReader<unknown>(schema);
      fc.assert(
        fc.property(damaged(whole), (value) => {
          const text = JSON.stringify(value);
          expect(read(JSON.parse(text))).toEqual(schema.safeParse(JSON.parse(text)).data);
        }),
        { numRuns: 2_000 },
      );
    },
  );

  it.each(READ)('reads the settings of a %s without zod, whatever is left out', (_what, whole, schema) => {
    const isRead = compileCompletion<unknown>(schema);
    const { number: _number, lineNumber, brand, numbers, ...rest } = whole as Record<string, unknown>;
    const named = { number: _number, lineNumber, brand, numbers };
    fc.assert(
      fc.property(fc.subarray(Object.entries(rest)), (some) => {
        const value: unknown = JSON.parse(JSON.stringify({ ...named, ...Object.fromEntries(some) }));
        expect(isRead(value)).toBe(true);
      }),
    );
  });

  it('gives each value defaults of its own', () => {
    const read = storedReader(storedNumberSettings);
    const named = { number: '0312345679', lineNumber: '0312345678', brand: 'ntt-east' };
    const [one, other] = [read({ ...named }), read({ ...named })];
    expect(one).toEqual(other);
    expect(one?.callNotice.recipients).not.toBe(other?.callNotice.recipients);
  });
});
