import fc from 'fast-check';
import { applyFaultReport, type FaultReport, type LineFaults } from '#delivery';
import {
  checkDurability,
  connectRedis,
  createFaultStates,
  createSettingsRepository,
  faultsOfLine,
  type RedisConnection,
} from '#redis';
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

describe('fault states in Redis', () => {
  it('R3 R4 behave like the reference for any sequence of reports', async () => {
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

  it('R3 start a fault once when two workers report it repeatedly at the same time', async () => {
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
    expect(answers.filter(({ decision }) => decision.reason === 'notify')).toHaveLength(1);
  });

  const DAY = 24 * 3_600_000;
  const fault = (faultId: string, id: string, more: Partial<FaultReport> = {}): FaultReport => ({
    kind: 'fault',
    event: { source: '/s', id },
    lineNumber: '',
    faultId,
    at: START,
    reason: 'notify',
    transfer: true,
    ...more,
  });

  it('R3 drop a fault 30 days after its last report, recovered or not', async () => {
    let now = START;
    const faults = createFaultStates(redis, () => now);
    const [lost, failed, recovered, again, other] = onLine([
      fault('lost', 'a'),
      fault('over', 'b', { transfer: false }),
      fault('over', 'c', { kind: 'recovery', at: START + 1, transfer: false }),
      fault('over', 'd', { kind: 'recovery', at: START + 2 }),
      fault('other', 'e', { at: START + 31 * DAY, transfer: false }),
    ]) as [FaultReport, FaultReport, FaultReport, FaultReport, FaultReport];
    for (const one of [lost, failed, recovered]) await faults.report(one);
    expect((await faults.report(again)).decision.reason).toBe('already-notified');
    now += 31 * DAY;
    await faults.report(other);
    expect([...(await faultsOfLine(redis, lost.lineNumber, now)).keys()]).toEqual(['other']);
    expect(await faults.report({ ...other, kind: 'recovery', at: now + 1, transfer: true })).toMatchObject({
      commands: [{ action: 'stop' }],
    });
    expect((await faults.report(again)).decision).toEqual({ reason: 'notify' });
  });

  it('are small documents that expire, however many faults a line has', async () => {
    const faults = createFaultStates(redis);
    const reports = onLine(Array.from({ length: 250 }, (_, index) => fault(`flt-${index}`, `${index}`)));
    for (const one of reports) await faults.report(one);
    const { lineNumber } = reports[0]!;
    expect((await faultsOfLine(redis, lineNumber, START)).size).toBe(200);
    const days = (await redis.client.pttl(`${redis.keyPrefix}faults:{${lineNumber}}`)) / DAY;
    expect(days).toBeGreaterThan(30);
    expect(days).toBeLessThanOrEqual(31);
  });

  it('R3 start anew with a new contract of the line', async () => {
    const repository = createSettingsRepository(redis, await checkDurability(redis));
    closeLater(() => repository.close());
    const [lost] = onLine([fault('lost', 'a')]) as [FaultReport];
    const { lineNumber } = lost;
    await repository.putLine({ lineNumber, brand: 'ntt-east', contractor: '甲', numbers: [] });
    await createFaultStates(redis).report(lost);
    await repository.putLine({ lineNumber, brand: 'ntt-east', contractor: '甲', numbers: ['0312345679'] });
    expect((await faultsOfLine(redis, lineNumber, START)).size).toBe(1);
    await repository.deleteLine(lineNumber);
    expect((await faultsOfLine(redis, lineNumber, START)).size).toBe(0);
  });
});
