import fc from 'fast-check';
import { aReport, answers } from '../testing/fault-reports.ts';
import type { FaultAnswer, FaultReport } from './fault-state.ts';

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
            if (kind === 'recovery' || given[index]!.decision.reason !== 'notify') return true;
            let begin = index;
            while (begin > 0 && isOpenAfter(all.slice(0, begin), faultId)) begin -= 1;
            const mailed = all
              .slice(begin, index)
              .some(
                (one, i) =>
                  one.kind === 'fault' &&
                  one.faultId === faultId &&
                  given[begin + i]!.decision.reason === 'notify',
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
          given[index]!.decision.reason !== 'notify' || all[index]!.reason === 'notify';
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
              (reason !== 'too-late' && reason !== 'service-off') || given[index]!.decision.reason === reason
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
          [...(answers(...some).at(-1)?.state ?? [])]
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
        const decisions = given
          .filter((_answer, index) => all[index]?.faultId === 'flt-1')
          .map(({ decision }) => decision);
        expect(answers(...own).map(({ decision }) => decision)).toEqual(decisions);
      }),
    );
  });
});
