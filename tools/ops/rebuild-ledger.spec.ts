import fc from 'fast-check';
import type { Outcome } from '#redis';
import { DEFAULT_DEADLINES } from '#rules';
import { createSink } from './outcome-sink.ts';
import { describeRebuilt, toldOutcome } from './rebuild-ledger.ts';

const HOUR = 3_600_000;
const AT = Date.parse('2026-11-28T01:00:00Z');
const outcome = (kind: string, recipients = 1): Outcome => ({
  eventSource: '/switch',
  eventId: 'e1',
  sequence: 1,
  kind,
  number: '0312345678',
  lineNumber: '0312345678',
  at: '2026-11-28T10:00:00+09:00',
  reason: 'notify',
  recipients: Array.from({ length: recipients }, (_, index) => ({
    address: `a${index}@example.jp`,
    state: 'accepted',
    attempts: 1,
    response: '250 Ok',
  })),
});
const record = (...items: Outcome[]): Parameters<ReturnType<typeof createSink>['take']>[0] =>
  ({ ok: true, value: { items } }) as never;
const unreadable = { ok: false, problems: [] } as never;
const silent = (): void => undefined;

describe('what an outcome does not say', () => {
  it.each([
    ['call', 6, 'notify-retry-10s'],
    ['recovery', 24, 'notify-retry-10s'],
    ['one-time-password', 24, 'access-retry-5s'],
    ['a kind of a later version', 24, 'notify-retry-10s'],
  ])('follows from its kind: %s', (kind, hours, retryTopic) => {
    const { keepUntil, ...told } = toldOutcome(outcome(kind), DEFAULT_DEADLINES);
    expect([keepUntil - AT, told]).toEqual([(hours + 24) * HOUR, { outcome: outcome(kind), retryTopic }]);
  });
});

describe('the sink of outcomes', () => {
  it('writes each with recipients, and counts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(2), { maxLength: 5 }), { maxLength: 20 }),
        async (records) => {
          const written: Outcome[] = [];
          const sink = createSink(async (one) => {
            written.push(one);
            return 'written';
          }, silent);
          for (const sizes of records) await sink.take(record(...sizes.map((size) => outcome('call', size))));
          await sink.take(unreadable);
          const expected = records.flat().filter((size) => size > 0).length;
          expect(await sink.end()).toMatchObject({ read: expected, written: expected, unreadable: 1 });
          expect(written).toHaveLength(expected);
        },
      ),
    );
  });

  it('lets Kafka wait while Redis has much to do', async () => {
    const done = Promise.withResolvers<'known'>();
    let begun = 0;
    const sink = createSink(() => {
      begun += 1;
      return done.promise;
    }, silent);
    const taken = sink.take(record(...Array.from({ length: 5_000 }, () => outcome('call'))));
    expect(begun).toBe(2_000);
    done.resolve('known');
    await taken;
    expect(await sink.end()).toMatchObject({ read: 5_000, known: 5_000 });
  });

  it('begins nothing more after an error, and tells it in the end', async () => {
    let begun = 0;
    const sink = createSink(() => {
      begun += 1;
      return Promise.reject(new Error('Redis is away'));
    }, silent);
    await sink.take(record(outcome('call')));
    await sink.take(record(outcome('call')));
    await sink.take(record(outcome('call')));
    await expect(sink.end()).rejects.toThrow('Redis is away');
    expect(begun).toBeLessThan(3);
  });
});

it('is described', () => {
  const counts = { read: 3, written: 1, known: 1, over: 1, unreadable: 2 };
  expect(describeRebuilt(counts)).toEqual([
    '3 outcomes with recipients read: 1 written into the ledger, 1 known to it, 1 too old to be kept',
    '2 records could not be read and were left out',
  ]);
});
