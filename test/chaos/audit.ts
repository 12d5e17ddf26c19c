import type { Copy, Cut, Refusal } from './taken.ts';

/** A published event and its expected result. */
export interface ExpectedEvent {
  readonly id: string;
  readonly reason: string;
  /** The recipients that must get a mail. */
  readonly addresses: readonly string[];
  /** When Kafka acknowledged it, `performance.now()`. */
  readonly acknowledgedAt?: number;
}

/** The last outcome of an event. */
export interface LastOutcome {
  readonly reason: string;
  readonly recipients: readonly {
    readonly address: string;
    readonly state: string;
    readonly attempts: number;
    readonly response: string;
  }[];
}

/** Everything that was recorded while a row ran. */
export interface Evidence {
  readonly acknowledged: readonly ExpectedEvent[];
  /** By event id. */
  readonly outcomes: ReadonlyMap<string, LastOutcome>;
  readonly copies: readonly Copy[];
  readonly refusals: readonly Refusal[];
  /** When a process or a connection died: a mail just sent may be sent again. */
  readonly cuts: readonly Cut[];
  /** When an outcome first reported a recipient's mail as accepted (`performance.now()`), by address. */
  readonly acceptedAt: ReadonlyMap<string, number>;
  /** Event ids in the dead letters as `in-doubt`. */
  readonly inDoubt: ReadonlySet<string>;
  /** Events that Kafka did not acknowledge. It may have stored them anyway, and then they are mailed. */
  readonly unacknowledged: readonly ExpectedEvent[];
}

export interface Verdict {
  readonly lost: number;
  readonly doubled: number;
  readonly doubledOutsideWindow: number;
  /** Describes each loss and each double outside the window. */
  readonly findings: readonly string[];
}

/** Compares the published events with the mails that the server accepted and with the outcomes. */
export function audit(evidence: Evidence): Verdict {
  const copies = Map.groupBy(evidence.copies, ({ address }) => address);
  const losses = evidence.acknowledged.flatMap((expected) => lossesOf(expected, evidence, copies));
  const published = [...evidence.acknowledged, ...evidence.unacknowledged];
  const expectedAddresses = new Set(published.flatMap(({ addresses }) => addresses));
  const strangers = [...copies.keys()].filter((address) => !expectedAddresses.has(address));
  const doubles = [...copies.values()].map((of) => doublesOf(of, evidence));
  return {
    lost: losses.length,
    doubled: doubles.reduce((sum, { doubled }) => sum + doubled, 0),
    doubledOutsideWindow: doubles.reduce((sum, { outside }) => sum + outside.length, 0) + strangers.length,
    findings: [
      ...losses,
      ...doubles.flatMap(({ outside }) => outside),
      ...strangers.map((address) => `${address}: an unexpected mail`),
    ],
  };
}

function lossesOf(
  { id, reason, addresses }: ExpectedEvent,
  { outcomes, refusals, inDoubt }: Evidence,
  copies: ReadonlyMap<string, readonly Copy[]>,
): string[] {
  const outcome = outcomes.get(id);
  if (!outcome) {
    const mails = addresses.map((address) => `${address} has ${copies.get(address)?.length ?? 0}`);
    return [`${id}: no outcome; ${mails.join(', ')}`];
  }
  if (outcome.reason !== reason) return [`${id}: ${outcome.reason}, expected ${reason}`];
  return addresses.flatMap((address) => {
    const row = outcome.recipients.find((recipient) => recipient.address === address);
    const state = row?.state ?? 'absent';
    const taken = (copies.get(address) ?? []).length;
    const refused = refusals.some((refusal) => refusal.address === address && refusal.code >= 500);
    const fits =
      (state === 'accepted' && taken > 0) ||
      (state === 'bounced' && refused) ||
      (state === 'in-doubt' && inDoubt.has(id));
    return fits
      ? []
      : [
          `${id}: ${address} is ${state} after ${row?.attempts} attempts (${row?.response}), the mail server accepted ${taken}`,
        ];
  });
}

function doublesOf(copies: readonly Copy[], evidence: Evidence): { doubled: number; outside: string[] } {
  const outside: string[] = [];
  for (const [index, copy] of copies.entries()) {
    const before = copies[index - 1];
    if (!before) continue;
    if (before.messageId !== copy.messageId) outside.push(`${copy.address}: another Message-ID`);
    else if (index > 1) outside.push(`${copy.address}: more than one extra copy`);
    else if (!mayRepeat(before, evidence))
      outside.push(`${copy.address}: again ${Math.round(copy.at - before.at)} ms after an answered mail`);
  }
  return { doubled: Math.max(0, copies.length - 1), outside };
}

/** Whether the connection or the process died between the end of the message and its entry in the ledger. */
function mayRepeat({ answered, at, address }: Copy, { cuts, acceptedAt }: Evidence): boolean {
  const reportedAt = acceptedAt.get(address) ?? Infinity;
  return !answered || cuts.some((cut) => cut.at >= at && cut.at <= Math.min(reportedAt, at + cut.windowMs));
}

/** The flow of mails during a row. */
interface Flow {
  /** Milliseconds. */
  readonly longestStallMs: number;
  /** The longest time from a repair to full speed; null without a repair. */
  readonly recoveryMs: number | null;
}

const FULL_SPEED_MS = 1_000;
const FULL_SPEED_SHARE = 0.8;

/** When a row's events were published, and at what rate (mails a second). */
export interface Course {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
  /** When Kafka acknowledged the event for an address; undefined for an unknown one. */
  readonly acknowledgedAt: (address: string) => number | undefined;
}

/**
 * Measures the longest gap between mails while events were published, and the longest time from a repair until mails are
 * accepted at the rate of the events, or none is left. Only events published after the repair count: a backlog being
 * worked off does not show that a dead worker's partitions are consumed again. All times are `performance.now()`.
 */
export function flowOf(
  copies: readonly Copy[],
  { from, to, rate, acknowledgedAt }: Course,
  healed: readonly number[],
): Flow {
  const inOrder = copies.toSorted((a, b) => a.at - b.at);
  const times = inOrder.map(({ at }) => at);
  const during = [from, ...times.filter((at) => at > from && at < to)];
  const gaps = during.map((at, index) => at - (during[index - 1] ?? at));
  const recoveries = healed.map((healing) => {
    const fresh = inOrder.filter(
      ({ address, at }) => at >= healing && (acknowledgedAt(address) ?? 0) >= healing,
    );
    return recoveryOf(
      fresh.map(({ at }) => at),
      healing,
      rate,
    );
  });
  return {
    longestStallMs: Math.round(Math.max(0, ...gaps)),
    recoveryMs: recoveries.length === 0 ? null : Math.round(Math.max(...recoveries)),
  };
}

function recoveryOf(after: readonly number[], healed: number, rate: number): number {
  const enough = Math.max(1, Math.floor((rate * FULL_SPEED_SHARE * FULL_SPEED_MS) / 1_000));
  const first = after.find((at, index) => (after[index + enough - 1] ?? Infinity) - at <= FULL_SPEED_MS);
  return (first ?? after.at(-1) ?? healed) - healed;
}
