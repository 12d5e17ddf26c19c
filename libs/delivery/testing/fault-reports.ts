import { apply, type FaultAnswer, type FaultReport, type LineFaults } from '../fault-state/fault-state.ts';

const NOTHING: LineFaults = new Map();

/** A report of one fault, but for what `part` changes. */
export function aReport(part: Partial<FaultReport> & { id?: string }): FaultReport {
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

/** A fault that is mailed unless `part` says otherwise. */
export function fault(id: string, at: number, part: Partial<FaultReport> = {}): FaultReport {
  return aReport({ id, at, ...part });
}

/** A recovery of the same fault. */
export function recovery(id: string, at: number, part: Partial<FaultReport> = {}): FaultReport {
  return aReport({ kind: 'recovery', id, at, ...part });
}

/** The answers to reports, one after the other. */
export function answers(...reports: FaultReport[]): FaultAnswer[] {
  let state = NOTHING;
  return reports.map((report) => {
    const answer = apply(state, report);
    state = answer.state;
    return answer;
  });
}
