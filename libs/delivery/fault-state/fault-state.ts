import type { Reason } from '#rules';

/** Identifies an event: `ce_source` and `ce_id`. */
export interface EventName {
  readonly source: string;
  readonly id: string;
}

/** The switch's report of a fault, with the rules' decision on it without its history. Times in epoch milliseconds. */
export interface FaultReport {
  readonly kind: 'fault' | 'recovery';
  readonly event: EventName;
  readonly lineNumber: string;
  readonly faultId: string;
  readonly at: number;
  /** The rules' reason. An unknown line has no history, so `unknown-number` does not occur. */
  readonly reason: Extract<Reason, 'too-late' | 'service-off' | 'no-recipient' | 'notify'>;
  /** Whether the line asks for the transfer to be started by a fault, or stopped by a recovery (`wantsTransfer`). */
  readonly transfer: boolean;
}

/** The record of one fault; times in epoch milliseconds, 0 for never. It is open while `lastFailedAt > recoveredAt`. */
export interface FaultRecord {
  /** When the fault began: the one that is open, or was open last. */
  readonly failedAt: number;
  /** The latest time at which the switch reported the fault. */
  readonly lastFailedAt: number;
  /** The latest time at which the switch reported its recovery. */
  readonly recoveredAt: number;
  /** The event that mailed the fault, and the one that started the transfer. */
  readonly faultNotice?: EventName;
  readonly started?: EventName;
  /**
   * The event that mailed the recovery, and the one that stopped the transfer, or left that to the line's last fault.
   */
  readonly recoveryNotice?: EventName;
  readonly stopped?: EventName;
}

/** The faults of one line by `faultId`. */
export type LineFaults = ReadonlyMap<string, FaultRecord>;

interface FaultDecision {
  readonly reason: FaultReport['reason'] | Extract<Reason, 'already-notified' | 'stale'>;
  /**
   * Of a recovery whose fault was reported (R4): when it failed, and the event whose waiting mails are now superseded.
   * Whoever did not get that event's mail gets both in one.
   */
  readonly fault?: { readonly failedAt: number; readonly notice?: EventName };
}

/** A command to the switch (R3). `id` is the same whenever it is sent again; `at` in epoch milliseconds. */
export interface TransferCommand {
  readonly id: string;
  readonly lineNumber: string;
  readonly action: 'start' | 'stop';
  /** The fault's id. */
  readonly because: string;
  readonly at: number;
}

export interface FaultAnswer {
  readonly state: LineFaults;
  readonly decision: FaultDecision;
  /** At most one; its id is the same whenever the same report is answered again. */
  readonly commands: readonly TransferCommand[];
}

/** A fault is forgotten this long after its last report, in milliseconds: no record of it can come again. */
export const REMEMBER_MS = 30 * 24 * 3_600_000;
/** How many faults of one line are remembered. */
export const MOST_FAULTS = 200;

const UNREPORTED: FaultRecord = { failedAt: 0, lastFailedAt: 0, recoveredAt: 0 };

/**
 * R3, R4: decides a report by everything reported of its line before. Pure. A report that is repeated before anything
 * else of its line gets the same answer and changes nothing, so a crash after it loses neither mail nor command.
 * Reports may come in any order: a fault is open in the end if it failed later than it recovered. A fault that is too
 * late, or not for this service, is still kept as open, because a stop has to wait for it.
 */
export function apply(state: LineFaults, report: FaultReport): FaultAnswer {
  const record = state.get(report.faultId) ?? UNREPORTED;
  return report.kind === 'fault' ? fail(state, record, report) : recover(state, record, report);
}

function fail(state: LineFaults, record: FaultRecord, report: FaultReport): FaultAnswer {
  const { event, at } = report;
  const again = isSame(record.faultNotice, event);
  if (at <= record.recoveredAt) {
    return { state, decision: { reason: again ? 'notify' : past(report, 'stale') }, commands: [] };
  }
  const reported: FaultRecord = isOpen(record)
    ? { ...record, failedAt: Math.min(record.failedAt, at), lastFailedAt: Math.max(record.lastFailedAt, at) }
    : { failedAt: at, lastFailedAt: at, recoveredAt: record.recoveredAt };
  const reason = reasonOf(reported.faultNotice, report);
  const starts = report.transfer && report.reason !== 'too-late' && isOwn(reported.started, event);
  const kept: FaultRecord = {
    ...reported,
    ...(reason === 'notify' ? { faultNotice: event } : {}),
    ...(starts ? { started: event } : {}),
  };
  return {
    state: new Map(state).set(report.faultId, kept),
    decision: { reason },
    commands: starts ? [command(report, 'start')] : [],
  };
}

function recover(state: LineFaults, record: FaultRecord, report: FaultReport): FaultAnswer {
  const { event, at, faultId } = report;
  const recoveredAt = Math.max(record.recoveredAt, at);
  if (recoveredAt < record.lastFailedAt) {
    // The same fault failed again later, which is newer news than this.
    const overtaken = new Map(state).set(faultId, { ...record, recoveredAt });
    return { state: overtaken, decision: { reason: past(report, 'already-notified') }, commands: [] };
  }
  const reason = reasonOf(record.recoveryNotice, report);
  const stops = report.transfer && isOwn(record.stopped, event);
  const kept: FaultRecord = {
    ...record,
    recoveredAt,
    ...(reason === 'notify' ? { recoveryNotice: event } : {}),
    ...(stops ? { stopped: event } : {}),
  };
  const { failedAt, faultNotice: notice } = record;
  return {
    state: new Map(state).set(faultId, kept),
    decision: { reason, ...(failedAt > 0 ? { fault: { failedAt, ...(notice ? { notice } : {}) } } : {}) },
    commands: stops && !isAnotherOpen(state, faultId) ? [command(report, 'stop')] : [],
  };
}

/** A decision stays the same for its own event; any other event comes after it. */
function reasonOf(notice: EventName | undefined, report: FaultReport): FaultDecision['reason'] {
  if (isSame(notice, report.event)) return 'notify';
  return notice === undefined ? report.reason : past(report, 'already-notified');
}

/** Why a report that history has overtaken becomes no mail: too late and service off come before history. */
function past(report: FaultReport, history: 'already-notified' | 'stale'): FaultDecision['reason'] {
  return report.reason === 'too-late' || report.reason === 'service-off' ? report.reason : history;
}

/** Whether the fault failed later than it recovered. */
export function isOpen({ lastFailedAt, recoveredAt }: FaultRecord): boolean {
  return lastFailedAt > recoveredAt;
}

function isAnotherOpen(state: LineFaults, faultId: string): boolean {
  for (const [id, record] of state) if (id !== faultId && isOpen(record)) return true;
  return false;
}

function isSame(one: EventName | undefined, other: EventName): boolean {
  return one !== undefined && one.id === other.id && one.source === other.source;
}

/** Nobody has done it yet, or this very event has, whose command may never have left. */
function isOwn(doneBy: EventName | undefined, event: EventName): boolean {
  return doneBy === undefined || isSame(doneBy, event);
}

function command({ lineNumber, faultId, at }: FaultReport, action: 'start' | 'stop'): TransferCommand {
  return { id: `${lineNumber}:${faultId}:${action}:${at}`, lineNumber, action, because: faultId, at };
}

/**
 * Returns a line's faults that are still remembered at `now` (epoch ms). Pure. A recovered fault is forgotten 30 days
 * after its recovery, an open one 30 days after the switch last reported it: its recovery must have been lost, and it
 * would hold back every stop of the line (R3). Of more than 200 the recovered ones go first, then the oldest. The
 * recovery of a forgotten fault counts as one of a fault that was never reported.
 */
export function remember(state: LineFaults, now: number): LineFaults {
  const recent = [...state].filter(([, record]) => lastReport(record) > now - REMEMBER_MS);
  if (recent.length === state.size && state.size <= MOST_FAULTS) return state;
  const worth = recent.toSorted(([, one], [, other]) => compareWorth(one, other)).slice(0, MOST_FAULTS);
  const kept = new Set(worth.map(([faultId]) => faultId));
  return new Map(recent.filter(([faultId]) => kept.has(faultId)));
}

/** Open faults before recovered ones, each of them the newest first. */
function compareWorth(one: FaultRecord, other: FaultRecord): number {
  if (isOpen(one) !== isOpen(other)) return isOpen(one) ? -1 : 1;
  return lastReport(other) - lastReport(one);
}

function lastReport({ lastFailedAt, recoveredAt }: FaultRecord): number {
  return Math.max(lastFailedAt, recoveredAt);
}
