import fc from 'fast-check';
import { applyFaultReport, type FaultReport, type LineFaults } from '#delivery';
import { connectRedis, createFaultStates, type RedisConnection } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { redisUrl } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

let redis: RedisConnection;

beforeAll(async () => {
  redis = connectRedis({ urls: [redisUrl()], keyPrefix: `${uniqueName('faults')}:` });
  closeLater(() => redis.close());
  await redis.ready(10_000);
});

const START = Date.now();
const report: fc.Arbitrary<FaultReport> = fc.record({
  kind: fc.constantFrom<FaultReport['kind']>('fault', 'recovery'),
  event: fc.record({ source: fc.constant('/switch'), id: fc.constantFrom('1', '2', '3', '4', '5') }),
  lineNumber: fc.constant('0312345678'),
  faultId: fc.constantFrom('flt-1', 'flt-2'),
  at: fc.integer({ min: 0, max: 9 }).map((minutes) => START + minutes * 60_000),
  reason: fc.constantFrom<FaultReport['reason']>('notify', 'no-recipient', 'service-off', 'too-late'),
  transfer: fc.boolean(),
});

const onLine = (reports: readonly FaultReport[]): FaultReport[] => {
  const lineNumber = uniqueName('line');
  return reports.map((one) => ({ ...one, lineNumber }));
};

describe('the state of a line’s faults in Redis', () => {
  it('R3 R4 answers any sequence of reports as the reference does', async () => {
    const faults = createFaultStates(redis);
    await fc.assert(
      fc.asyncProperty(fc.array(report, { maxLength: 12 }), async (reports) => {
        let state: LineFaults = new Map();
        for (const one of onLine(reports)) {
          const { state: next, ...expected } = applyFaultReport(state, one);
          state = next;
          expect(await faults.report(one)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('R3 gives one start for a fault that two workers report at once in many words', async () => {
    const workers = [createFaultStates(redis), createFaultStates(redis)] as const;
    const words = onLine(
      Array.from({ length: 20 }, (_, index) => ({
        kind: 'fault' as const,
        event: { source: '/switch', id: `word-${index}` },
        lineNumber: '',
        faultId: 'flt-1',
        at: START,
        reason: 'notify' as const,
        transfer: true,
      })),
    );
    const answers = await Promise.all(words.map((word, index) => workers[index % 2]!.report(word)));
    expect(answers.flatMap(({ commands }) => commands)).toHaveLength(1);
    expect(answers.filter(({ verdict }) => verdict.reason === 'notify')).toHaveLength(1);
  });

  it('forgets a fault a month after its recovery, and never one that is open', async () => {
    let now = START;
    const faults = createFaultStates(redis, () => now);
    const [open, failed, recovered, later] = onLine([
      {
        kind: 'fault',
        event: { source: '/s', id: 'a' },
        lineNumber: '',
        faultId: 'open',
        at: START,
        reason: 'notify',
        transfer: true,
      },
      {
        kind: 'fault',
        event: { source: '/s', id: 'b' },
        lineNumber: '',
        faultId: 'over',
        at: START,
        reason: 'notify',
        transfer: false,
      },
      {
        kind: 'recovery',
        event: { source: '/s', id: 'c' },
        lineNumber: '',
        faultId: 'over',
        at: START + 1,
        reason: 'notify',
        transfer: false,
      },
      {
        kind: 'recovery',
        event: { source: '/s', id: 'd' },
        lineNumber: '',
        faultId: 'over',
        at: START + 2,
        reason: 'notify',
        transfer: false,
      },
    ]) as [FaultReport, FaultReport, FaultReport, FaultReport];
    for (const one of [open, failed, recovered]) await faults.report(one);
    now += 31 * 24 * 3_600_000;
    await faults.report({ ...failed, faultId: 'other', event: { source: '/s', id: 'e' } });
    expect((await faults.report(later)).verdict.reason).toBe('notify');
    expect((await faults.report({ ...open, event: { source: '/s', id: 'f' } })).verdict.reason).toBe(
      'already-notified',
    );
  });
});
