import fc from 'fast-check';
import { EVENT_TYPES } from './event-types.ts';
import { compileCheck, eventReader } from './event-reader.ts';
import type { Problem } from './event.ts';
import { call as callType } from './kinds/call.ts';
import { AT, CALL, CODE_MAIL, FAULT, FAX, LOCKED_MAIL } from './testing/samples.ts';

const call = { ...CALL, calledNumber: '+81312345679' };
const outcome = {
  eventSource: 'switch',
  eventId: 'e-1',
  sequence: 1,
  kind: 'call',
  number: '0312345679',
  lineNumber: null,
  at: AT,
  reason: 'notify',
  recipients: [{ address: 'a@example.jp', state: 'accepted', attempts: 1, response: '250 Ok' }],
};
const RIGHT = [
  ['call.v1', call],
  [
    'call.v1',
    { ...call, caller: { withheld: 'P' }, refusedBy: 'nuisance-list', forwarding: 'destination-busy' },
  ],
  ['fax.v1', FAX],
  ['fault.v1', FAULT],
  ['recovery.v1', { lineNumber: '0312345678', faultId: 'flt-77', at: AT }],
  ['access-mail.v1', CODE_MAIL],
  ['access-mail.v1', LOCKED_MAIL],
  ['bulk-transfer.v1', { lineNumber: '0312345678', action: 'start', because: 'flt-77', at: AT }],
  ['outcomes.v1', { items: [outcome] }],
] as const;

/** What a field may hold that something is wrong with, or that looks so. */
const odd = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    '0',
    '+81',
    '2026-02-30T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '𠮷'.repeat(600),
  ),
  fc.constantFrom(
    {},
    { number: '1' },
    { withheld: 'P' },
    { number: '1', withheld: 'P' },
    -1,
    1.5,
    2 ** 53,
    [],
  ),
  fc.constantFrom('account-locked', 'two-step-code', 'a\u0000b', 'a@b\n', 'A'.repeat(255), '１'),
  fc.jsonValue(),
  fc.string({ unit: 'binary', maxLength: 1100 }),
);

describe('compileCheck', () => {
  it.each(RIGHT)('says at once that a right %s is right', (type, data) => {
    expect(compileCheck<unknown>(EVENT_TYPES[type].schema)(data)).toBe(true);
  });

  it.each(RIGHT)('never calls a %s right that its schema refuses', (type, data) => {
    const { schema } = EVENT_TYPES[type];
    const isRight = compileCheck<unknown>(schema);
    const changed = fc
      .tuple(fc.constantFrom(...Object.keys(data), 'unknown'), odd)
      .map(([field, value]): unknown => JSON.parse(JSON.stringify({ ...data, [field]: value })));
    fc.assert(
      fc.property(fc.oneof(changed, odd), (input) => {
        expect(isRight(input) && !schema.safeParse(input).success).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('eventReader', () => {
  const read = eventReader(callType.schema, ({ outcome: of }) => of);

  it('reads what is right, whatever else stands there', () => {
    const problems: Problem[] = [];
    expect(read({ ...call, more: 1 }, 'data.', problems)).toBe('answered');
    expect(problems).toEqual([]);
  });

  it('names every fault of what is not', () => {
    const problems: Problem[] = [];
    expect(read({ ...call, ringSeconds: -1, startedAt: undefined }, 'data.', problems)).toBeUndefined();
    expect(problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'data.startedAt missing',
      'data.ringSeconds wrong',
    ]);
  });
});
