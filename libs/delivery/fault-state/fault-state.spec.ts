import fc from 'fast-check';
import { apply, type FaultAnswer, type FaultReport, type LineFaults } from './fault-state.ts';

const NOTHING: LineFaults = new Map();

function aReport(part: Partial<FaultReport> & { id?: string }): FaultReport {
  const { id = 'e-1', ...rest } = part;
  return {
    kind: 'fault',
    event: { source: '/switch', id },
    lineNumber: '0312345678',
    faultId: 'flt-77',
    at: 1000,
    reason: 'notify',
    transfer: true,
    ...rest,
  };
}

const fault = (id: string, at: number, part: Partial<FaultReport> = {}) => aReport({ id, at, ...part });
const recovery = (id: string, at: number, part: Partial<FaultReport> = {}) =>
  aReport({ kind: 'recovery', id, at, ...part });

/** The answers to reports, one after the other. */
function answers(...reports: FaultReport[]): FaultAnswer[] {
  let state = NOTHING;
  return reports.map((report) => {
    const answer = apply(state, report);
    state = answer.state;
    return answer;
  });
}

/** `reason` of each, with the command behind it. */
const story = (...reports: FaultReport[]) =>
  answers(...reports).map(({ verdict, commands }) =>
    [verdict.reason, ...commands.map(({ action }) => action)].join(' '),
  );

const B = { faultId: 'flt-78' };
const silent = { transfer: false };
const off = { reason: 'service-off', transfer: false } as const;
const late = { reason: 'too-late' } as const;
const boxesOff = { reason: 'no-recipient' } as const;

describe('apply', () => {
  it.each<[string, FaultReport[], string[]]>([
    ['R3 R4 a fault and its recovery', [fault('1', 10), recovery('2', 20)], ['notify start', 'notify stop']],
    ['R3 with both switches off', [fault('1', 10, silent), recovery('2', 20, silent)], ['notify', 'notify']],
    [
      'R4 a fault repeated',
      [fault('1', 10), fault('2', 10), fault('3', 15)],
      ['notify start', 'already-notified', 'already-notified'],
    ],
    [
      'R4 a recovery repeated',
      [fault('1', 10), recovery('2', 20), recovery('3', 20), recovery('4', 25)],
      ['notify start', 'notify stop', 'already-notified', 'already-notified'],
    ],
    [
      'R4 the same fault again after its recovery',
      [fault('1', 10), recovery('2', 20), fault('3', 30), recovery('4', 40)],
      ['notify start', 'notify stop', 'notify start', 'notify stop'],
    ],
    [
      'R4 a fault older than its recovery',
      [fault('1', 10), recovery('2', 20), fault('3', 15)],
      ['notify start', 'notify stop', 'stale'],
    ],
    ['R4 a fault as old as its recovery', [recovery('1', 20), fault('2', 20)], ['notify stop', 'stale']],
    ['R4 a recovery of a fault never heard of', [recovery('1', 20)], ['notify stop']],
    [
      'R4 a recovery of a fault never heard of, repeated',
      [recovery('1', 20), recovery('2', 20)],
      ['notify stop', 'already-notified'],
    ],
    [
      'R4 a fault after the recovery of one never heard of',
      [recovery('1', 20), fault('2', 30)],
      ['notify stop', 'notify start'],
    ],
    [
      'R4 a recovery older than the fault that is open',
      [fault('1', 30), recovery('2', 20)],
      ['notify start', 'already-notified'],
    ],
    [
      'R4 the first recovery again after the second fault',
      [fault('1', 10), recovery('2', 20), fault('3', 30), recovery('4', 20)],
      ['notify start', 'notify stop', 'notify start', 'already-notified'],
    ],
    [
      'R4 a recovery between two words of the same fault, heard last',
      [fault('1', 10), fault('2', 30), recovery('3', 20), recovery('4', 40)],
      ['notify start', 'already-notified', 'already-notified', 'notify stop'],
    ],
    [
      'R4 a late repeat before the recovery it is older than',
      [fault('1', 30), fault('2', 10), recovery('3', 20)],
      ['notify start', 'already-notified', 'already-notified'],
    ],

    [
      'R3 a stop waits for another fault',
      [fault('1', 10), fault('2', 11, B), recovery('3', 20), recovery('4', 21, B)],
      ['notify start', 'notify start', 'notify', 'notify stop'],
    ],
    [
      'R3 a stop that waited is not given again for a repeat',
      [fault('1', 10), fault('2', 11, B), recovery('3', 20), recovery('4', 21, B), recovery('5', 20)],
      ['notify start', 'notify start', 'notify', 'notify stop', 'already-notified'],
    ],
    [
      'R3 a stop does not wait for a fault that recovered',
      [fault('1', 10), recovery('2', 12), fault('3', 11, B), recovery('4', 20, B)],
      ['notify start', 'notify stop', 'notify start', 'notify stop'],
    ],
    [
      'R3 a stop does not ask who started',
      [fault('1', 10, silent), recovery('2', 20)],
      ['notify', 'notify stop'],
    ],
    [
      'R3 every box off',
      [fault('1', 10, boxesOff), recovery('2', 20, boxesOff)],
      ['no-recipient start', 'no-recipient stop'],
    ],
    [
      'R3 every box off, repeated',
      [
        fault('1', 10, boxesOff),
        fault('2', 10, boxesOff),
        recovery('3', 20, boxesOff),
        recovery('4', 20, boxesOff),
      ],
      ['no-recipient start', 'no-recipient', 'no-recipient stop', 'no-recipient'],
    ],
    [
      'R3 a box ticked before the repeat',
      [fault('1', 10, boxesOff), fault('2', 10)],
      ['no-recipient start', 'notify'],
    ],
    [
      'R4 every box off at the repeat',
      [fault('1', 10), fault('2', 10, boxesOff)],
      ['notify start', 'already-notified'],
    ],
    [
      'R3 automatic start switched on before the repeat',
      [fault('1', 10, silent), fault('2', 10)],
      ['notify', 'already-notified start'],
    ],

    ['R3 C15 a fault that is too late', [fault('1', 10, late)], ['too-late']],
    [
      'R3 C15 a recovery that is too late still stops',
      [fault('1', 10), recovery('2', 20, late)],
      ['notify start', 'too-late stop'],
    ],
    [
      'R3 C15 a repeat in time of a fault that was too late',
      [fault('1', 10, late), fault('2', 90)],
      ['too-late', 'notify start'],
    ],
    [
      'R3 a fault that was too late holds back a stop',
      [fault('1', 10, { ...late, ...B }), fault('2', 80), recovery('3', 90)],
      ['too-late', 'notify start', 'notify'],
    ],
    [
      'R3 a fault heard while the service was off holds back a stop',
      [fault('1', 10, { ...off, ...B }), fault('2', 80), recovery('3', 90), recovery('4', 91, B)],
      ['service-off', 'notify start', 'notify', 'notify stop'],
    ],
    [
      'R1 a stopped service',
      [fault('1', 10, off), fault('2', 10, off), recovery('3', 20, off), fault('4', 15, off)],
      ['service-off', 'service-off', 'service-off', 'service-off'],
    ],
    [
      'R1 a service started before the repeat',
      [fault('1', 10, off), fault('2', 10), recovery('3', 20)],
      ['service-off', 'notify start', 'notify stop'],
    ],
    [
      'R1 a service stopped before the repeat',
      [fault('1', 10), fault('2', 10, off)],
      ['notify start', 'service-off'],
    ],
    [
      'C15 a stale fault that is too late',
      [recovery('1', 20), fault('2', 20, late)],
      ['notify stop', 'too-late'],
    ],
    [
      'C15 an old recovery that is too late',
      [fault('1', 30), recovery('2', 20, late)],
      ['notify start', 'too-late'],
    ],
  ])('%s', (_title, reports, expected) => {
    expect(story(...reports)).toEqual(expected);
  });

  it('R3 says what to do, because of what, under an id of its own', () => {
    const [started, , stopped] = answers(fault('1', 10), fault('2', 10), recovery('3', 20));
    const common = { lineNumber: '0312345678', because: 'flt-77' };
    expect(started?.commands).toEqual([
      { ...common, id: '0312345678:flt-77:start:10', action: 'start', at: 10 },
    ]);
    expect(stopped?.commands).toEqual([
      { ...common, id: '0312345678:flt-77:stop:20', action: 'stop', at: 20 },
    ]);
  });

  it('R4 tells with a recovery since when it failed, and whose waiting mails it supersedes', () => {
    const [, , recovered] = answers(fault('1', 10), fault('2', 15), recovery('3', 20));
    expect(recovered?.verdict).toEqual({
      reason: 'notify',
      fault: { failedAt: 10, notice: { source: '/switch', id: '1' } },
    });
  });

  it('R4 tells since the earliest word of the fault, in whatever order the words came', () => {
    const [, , recovered] = answers(fault('1', 15), fault('2', 10), recovery('3', 20));
    expect(recovered?.verdict.fault?.failedAt).toBe(10);
  });

  it('R4 supersedes the fault’s mails even when the recovery itself is no mail', () => {
    const [, recovered] = answers(fault('1', 10), recovery('2', 20, off));
    expect(recovered?.verdict).toMatchObject({ reason: 'service-off', fault: { notice: { id: '1' } } });
  });

  it('R4 tells of a fault that nobody was mailed, and not of one never heard of', () => {
    const [, unmailed] = answers(fault('1', 10, boxesOff), recovery('2', 20));
    expect(unmailed?.verdict).toEqual({ reason: 'notify', fault: { failedAt: 10 } });
    expect(answers(recovery('1', 20))[0]?.verdict).toEqual({ reason: 'notify' });
  });

  it('R4 tells of the new fault, not of the one before it', () => {
    const all = answers(fault('1', 10), recovery('2', 20), fault('3', 30), recovery('4', 40));
    expect(all[3]?.verdict.fault).toEqual({ failedAt: 30, notice: { source: '/switch', id: '3' } });
  });

  it('R4 keeps a fault’s own event decided when it comes again after the recovery, and starts nothing', () => {
    expect(story(fault('1', 10), recovery('2', 20), fault('1', 10))).toEqual([
      'notify start',
      'notify stop',
      'notify',
    ]);
  });

  it('R4 keeps a decided event decided when its time has passed since', () => {
    expect(story(fault('1', 10), fault('1', 10, late))).toEqual(['notify start', 'notify']);
  });

  it('R4 tells two events of the same id from two sources apart', () => {
    const other = { ...fault('1', 10), event: { source: '/other', id: '1' } };
    expect(story(fault('1', 10), other)).toEqual(['notify start', 'already-notified']);
  });
});

const reports: fc.Arbitrary<FaultReport[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('fault', 'recovery'),
      faultId: fc.constantFrom('flt-1', 'flt-2', '__proto__'),
      at: fc.integer({ min: 1, max: 12 }),
      reason: fc.constantFrom('notify', 'notify', 'notify', 'no-recipient', 'service-off', 'too-late'),
      wanted: fc.boolean(),
    }),
    { maxLength: 14 },
  )
  .map((parts) =>
    parts.map(({ wanted, ...part }, index) =>
      aReport({
        ...part,
        id: `e-${index}`,
        transfer: wanted && part.reason !== 'service-off',
      } as Partial<FaultReport>),
    ),
  );

/** Whether a fault is open after some reports, told from the reports alone. */
function isOpenAfter(heard: readonly FaultReport[], faultId: string): boolean {
  const latest = (kind: FaultReport['kind']) =>
    Math.max(0, ...heard.filter((one) => one.kind === kind && one.faultId === faultId).map(({ at }) => at));
  return latest('fault') > latest('recovery');
}

/** The reports whose answer breaks what must hold of every one. */
function breaches(
  all: readonly FaultReport[],
  holds: (given: readonly FaultAnswer[], index: number) => boolean,
): FaultReport[] {
  const given = answers(...all);
  return all.filter((_report, index) => !holds(given, index));
}

describe('apply, for any reports of a line', () => {
  const thoroughly = { numRuns: 2000 };

  it('R3 R4 answers a report that comes again at once as it did, and changes nothing', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const once = answers(...all);
        const twice = answers(...all.flatMap((report) => [report, report]));
        expect(twice.filter((_answer, index) => index % 2 === 1)).toEqual(once);
        expect(twice.filter((_answer, index) => index % 2 === 0)).toEqual(once);
      }),
      thoroughly,
    );
  });

  it('R3 never stops while another fault of the line is open', () => {
    fc.assert(
      fc.property(reports, (all) => {
        expect(
          breaches(all, (given, index) => {
            const heard = all.slice(0, index + 1);
            const stopped = given[index]?.commands.some(({ action }) => action === 'stop');
            return (
              !stopped || !['flt-1', 'flt-2', '__proto__'].some((faultId) => isOpenAfter(heard, faultId))
            );
          }),
        ).toEqual([]);
      }),
      thoroughly,
    );
  });

  it('R3 stops at the recovery of the last open fault when that asks for it first', () => {
    fc.assert(
      fc.property(reports, (all) => {
        expect(
          breaches(all, (given, index) => {
            const { kind, faultId, transfer } = all[index]!;
            const before = all.slice(0, index);
            const closes =
              kind === 'recovery' &&
              isOpenAfter(before, faultId) &&
              !isOpenAfter(all.slice(0, index + 1), faultId);
            const last = !['flt-1', 'flt-2', '__proto__'].some((id) =>
              isOpenAfter(all.slice(0, index + 1), id),
            );
            return !(closes && last && transfer) || given[index]!.commands[0]?.action === 'stop';
          }),
        ).toEqual([]);
      }),
      thoroughly,
    );
  });

  it('R3 starts for a fault in time that asks for it, once from its beginning to its recovery', () => {
    fc.assert(
      fc.property(reports, (all) => {
        expect(
          breaches(all, (given, index) => {
            const { kind, faultId, transfer, reason, at } = all[index]!;
            const before = all.slice(0, index);
            const recoveredAt = Math.max(
              0,
              ...before.filter((r) => r.kind === 'recovery' && r.faultId === faultId).map((r) => r.at),
            );
            const starts = given[index]!.commands.some(({ action }) => action === 'start');
            if (kind === 'recovery' || !transfer || reason === 'too-late' || at <= recoveredAt)
              return !starts;
            // Since the fault was last closed; a fault that was not open begins anew.
            let begin = index;
            while (begin > 0 && isOpenAfter(all.slice(0, begin), faultId)) begin -= 1;
            const startedBefore = given
              .slice(begin, index)
              .some(({ commands }) =>
                commands.some(({ action, because }) => action === 'start' && because === faultId),
              );
            return starts !== startedBefore;
          }),
        ).toEqual([]);
      }),
      thoroughly,
    );
  });

  it('R4 mails a fault at most once from its beginning to its recovery, and never one that its recovery has passed', () => {
    fc.assert(
      fc.property(reports, (all) => {
        expect(
          breaches(all, (given, index) => {
            const { kind, faultId, at } = all[index]!;
            if (kind === 'recovery' || given[index]!.verdict.reason !== 'notify') return true;
            let begin = index;
            while (begin > 0 && isOpenAfter(all.slice(0, begin), faultId)) begin -= 1;
            const mailed = all
              .slice(begin, index)
              .some(
                (one, i) =>
                  one.kind === 'fault' &&
                  one.faultId === faultId &&
                  given[begin + i]!.verdict.reason === 'notify',
              );
            const passed = all
              .slice(0, index)
              .some((one) => one.kind === 'recovery' && one.faultId === faultId && one.at >= at);
            return !mailed && !passed;
          }),
        ).toEqual([]);
      }),
      thoroughly,
    );
  });

  it('R4 makes no mail of what the rules made none of', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const holds = (given: readonly FaultAnswer[], index: number) =>
          given[index]!.verdict.reason !== 'notify' || all[index]!.reason === 'notify';
        expect(breaches(all, holds)).toEqual([]);
      }),
      thoroughly,
    );
  });

  it('C15 R1 leaves too late and service off as the rules said', () => {
    fc.assert(
      fc.property(reports, (all) => {
        expect(
          breaches(all, (given, index) => {
            const { reason } = all[index]!;
            return (
              (reason !== 'too-late' && reason !== 'service-off') || given[index]!.verdict.reason === reason
            );
          }),
        ).toEqual([]);
      }),
      thoroughly,
    );
  });

  it('R4 ends with the same faults open in whatever order the reports come', () => {
    fc.assert(
      fc.property(reports, fc.infiniteStream(fc.nat()), (all, ranks) => {
        const shuffled = all.map((report) => ({ report, rank: ranks.next().value as number }));
        shuffled.sort((one, other) => one.rank - other.rank);
        const open = (some: readonly FaultReport[]) =>
          [...(answers(...some).at(-1)?.state ?? NOTHING)]
            .filter(([, record]) => record.lastFailedAt > record.recoveredAt)
            .map(([faultId]) => faultId)
            .sort();
        expect(open(shuffled.map(({ report }) => report))).toEqual(open(all));
      }),
    );
  });

  it('R4 lets one fault say nothing about the mails of another', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const given = answers(...all);
        const own = all.filter(({ faultId }) => faultId === 'flt-1');
        const verdicts = given
          .filter((_answer, index) => all[index]?.faultId === 'flt-1')
          .map(({ verdict }) => verdict);
        expect(answers(...own).map(({ verdict }) => verdict)).toEqual(verdicts);
      }),
    );
  });
});
