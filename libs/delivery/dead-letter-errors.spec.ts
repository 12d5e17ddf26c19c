import fc from 'fast-check';
import type { RawRecord } from '#events';
import { deliver } from './deliver.ts';
import { retryHeaders } from './retry-headers.ts';
import { fakeBatch, fakeWorld, withDeps } from './testing/fakes.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { AT, callInLedger, callRecord, faultRecord, LINE, numberSettings } from './testing/records.ts';

const ADDRESS = 'taro.yamada@example.jp';
const CALLER = '09087654321';
const NAME = '山田太郎';
const PERSONAL = [ADDRESS, 'taro', CALLER, NAME, LINE];
const NOW = AT + 20_000;

/** What a publisher's bug may put where something else belongs. */
const misplaced = fc.constantFrom<unknown>(
  ADDRESS,
  CALLER,
  `${NAME} <${ADDRESS}>`,
  [ADDRESS],
  { [ADDRESS]: CALLER },
  { number: ADDRESS },
  { number: `${CALLER} ${NAME}`, withheld: NAME },
);
const PLACES =
  'lineNumber calledNumber caller startedAt ringSeconds outcome refusedBy forwarding faultId at numbers'.split(
    ' ',
  );
const place = fc.constantFrom(...PLACES);
const header = fc.constantFrom('ce_specversion', 'ce_source', 'ce_type', 'ce_time', 'content-type');

const broken: fc.Arbitrary<RawRecord> = fc
  .record({
    record: fc.constantFrom(callRecord('1'), faultRecord('fault.v1', '1', 0)),
    changes: fc.dictionary(place, misplaced, { minKeys: 1 }),
    headers: fc.dictionary(header, fc.constantFrom(ADDRESS, CALLER)),
    cutAt: fc.option(fc.nat(200)),
    isRetry: fc.boolean(),
  })
  .map(({ record, changes, headers, cutAt, isRetry }) => {
    const data = { ...(JSON.parse(String(record.value)) as object), ...changes };
    const text = Buffer.from(JSON.stringify(data));
    return {
      ...record,
      ...(isRetry ? { topic: 'notify-retry-10s' } : {}),
      value: cutAt === null ? text : text.subarray(0, cutAt),
      headers: { ...record.headers, ...headers, ...(isRetry ? { 'retry-address': ADDRESS } : {}) },
    };
  });

const personalIn = (text: string): string[] => PERSONAL.filter((one) => text.includes(one));

describe('the error of a dead letter', () => {
  it('holds no personal data, whatever stands where in a record that cannot be read', async () => {
    let deadLetters = 0;
    await fc.assert(
      fc.asyncProperty(broken, async (record) => {
        const { seen, deps } = fakeWorld(createInMemoryLedger({ now: () => NOW }), {}, () => NOW);
        await deliver(deps, fakeBatch([record]));
        deadLetters += seen.deadLetters.length;
        for (const { error } of seen.deadLetters) expect([error, personalIn(error)]).toEqual([error, []]);
      }),
      { numRuns: 500 },
    );
    expect(deadLetters).toBeGreaterThan(400);
  });

  it('holds no words of the mail server, which may name the recipient', async () => {
    const words = `<${ADDRESS}>: user ${NAME} (${CALLER}) unknown`;
    const inDoubt = { kind: 'in-doubt', error: new Error(words) } as const;
    const clock = { now: NOW };
    const world = fakeWorld(
      createInMemoryLedger({ now: () => clock.now, leaseMs: 1_000, dataTimeoutMs: 1_000 }),
      { [ADDRESS]: Array.from({ length: 5 }, () => () => inDoubt) },
      () => clock.now,
    );
    world.numbers.set(LINE, numberSettings(ADDRESS));
    const { seen, deps } = world;
    await deliver(deps, fakeBatch([callRecord('1')]));
    for (let tries = 0; tries < 5 && seen.deadLetters.length === 0; tries += 1) {
      clock.now += 120_000;
      const { record, topic, headers } = seen.retries.at(-1)!;
      await deliver(
        deps,
        fakeBatch([{ ...record, topic, headers: { ...record.headers, ...headers }, timestamp: clock.now }]),
      );
    }
    expect(seen.deadLetters).toMatchObject([{ reason: 'in-doubt' }]);
    expect(personalIn(seen.deadLetters[0]!.error)).toEqual([]);
  });

  it('holds no words of a bug of ours, which may name what it met', async () => {
    const { seen, deps, numbers } = fakeWorld(createInMemoryLedger({ now: () => NOW }), {}, () => NOW);
    numbers.set(LINE, numberSettings(ADDRESS));
    const compose = (): never => {
      throw new TypeError(`cannot read ${ADDRESS} of ${NAME}`);
    };
    await deliver(withDeps(deps, { mailing: { compose } }), fakeBatch([callRecord('1')]));
    expect(seen.deadLetters).toMatchObject([{ reason: 'internal-error' }]);
    expect(personalIn(seen.deadLetters[0]!.error)).toEqual([]);
  });

  it('leaves the headers of a retry record as they came: contract and ADR 0008', async () => {
    const { seen, deps } = fakeWorld(createInMemoryLedger({ now: () => NOW }), {}, () => NOW);
    const call = callRecord('1', '1', { ringSeconds: ADDRESS });
    const event = callInLedger(ADDRESS);
    const note = { notBefore: NOW, address: ADDRESS, attempts: 1, event, error: '451 4.2.1 later' };
    const headers = { ...call.headers, ...retryHeaders(note, call, NOW) };
    await deliver(deps, fakeBatch([{ ...call, topic: 'notify-retry-10s', headers }]));
    expect(seen.deadLetters).toMatchObject([{ reason: 'malformed', record: { headers } }]);
  });
});
