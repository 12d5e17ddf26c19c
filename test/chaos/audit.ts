import type { Copy, Cut, Refusal } from './taken.ts';

/** An event that Kafka acknowledged, and what is owed for it. */
export interface Owed {
  readonly id: string;
  readonly reason: string;
  /** Who is owed a mail. */
  readonly addresses: readonly string[];
  /** When Kafka acknowledged it, `performance.now()`. */
  readonly acknowledgedAt?: number;
}

/** What the last outcome of an event says. */
export interface Told {
  readonly reason: string;
  readonly recipients: readonly {
    readonly address: string;
    readonly state: string;
    readonly attempts: number;
    readonly response: string;
  }[];
}

/** Everything a row left behind. */
export interface Evidence {
  readonly owed: readonly Owed[];
  /** By event id. */
  readonly told: ReadonlyMap<string, Told>;
  readonly copies: readonly Copy[];
  readonly refusals: readonly Refusal[];
  /** When a process or a connection died: a mail that had just left may come again. */
  readonly cuts: readonly Cut[];
  /** When an outcome first told that a recipient's mail was accepted (`performance.now()`), by address. */
  readonly acceptedAt: ReadonlyMap<string, number>;
  /** Event ids in the dead letters as `in-doubt`. */
  readonly inDoubt: ReadonlySet<string>;
  /** Events that Kafka did not acknowledge: it may have them all the same, and then they are mailed. */
  readonly unacknowledged: readonly Owed[];
}

export interface Verdict {
  readonly lost: number;
  readonly doubled: number;
  readonly doubledOutsideWindow: number;
  /** Each loss and each double outside the window, in words. */
  readonly findings: readonly string[];
}

/** Compares what was published with what the mail server took and what the outcomes say. */
export function audit(evidence: Evidence): Verdict {
  const copies = Map.groupBy(evidence.copies, ({ address }) => address);
  const losses = evidence.owed.flatMap((owed) => lossesOf(owed, evidence, copies));
  const published = [...evidence.owed, ...evidence.unacknowledged];
  const owedTo = new Set(published.flatMap(({ addresses }) => addresses));
  const strangers = [...copies.keys()].filter((address) => !owedTo.has(address));
  const doubles = [...copies.values()].map((of) => doublesOf(of, evidence));
  return {
    lost: losses.length,
    doubled: doubles.reduce((sum, { doubled }) => sum + doubled, 0),
    doubledOutsideWindow: doubles.reduce((sum, { outside }) => sum + outside.length, 0) + strangers.length,
    findings: [
      ...losses,
      ...doubles.flatMap(({ outside }) => outside),
      ...strangers.map((address) => `${address}: a mail that nobody is owed`),
    ],
  };
}

function lossesOf(
  { id, reason, addresses }: Owed,
  { told, refusals, inDoubt }: Evidence,
  copies: ReadonlyMap<string, readonly Copy[]>,
): string[] {
  const outcome = told.get(id);
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
          `${id}: ${address} is ${state} after ${row?.attempts} attempts (${row?.response}), the mail server took ${taken}`,
        ];
  });
}

function doublesOf(copies: readonly Copy[], evidence: Evidence): { doubled: number; outside: string[] } {
  const outside: string[] = [];
  for (const [index, copy] of copies.entries()) {
    const before = copies[index - 1];
    if (!before) continue;
    if (before.messageId !== copy.messageId) outside.push(`${copy.address}: another Message-ID`);
    else if (index > 1) outside.push(`${copy.address}: more than one copy too many`);
    else if (!mayRepeat(before, evidence))
      outside.push(`${copy.address}: again ${Math.round(copy.at - before.at)} ms after an answered mail`);
  }
  return { doubled: Math.max(0, copies.length - 1), outside };
}

/** Whether the connection or the process was cut between the end of the message and its place in the ledger. */
function mayRepeat({ answered, at, address }: Copy, { cuts, acceptedAt }: Evidence): boolean {
  const told = acceptedAt.get(address) ?? Infinity;
  return !answered || cuts.some((cut) => cut.at >= at && cut.at <= Math.min(told, at + cut.windowMs));
}

/** How the mails flowed. */
interface Flow {
  /** Milliseconds. */
  readonly longestStallMs: number;
  /** From the last healing to full speed; null when nothing was healed. */
  readonly recoveryMs: number | null;
}

const FULL_SPEED_MS = 1_000;
const FULL_SPEED_SHARE = 0.8;

/** What a row's stream of events was like: between which times, and how many mails a second they owe. */
export interface Course {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
  /** When Kafka acknowledged what an address is owed; nothing for an unknown one. */
  readonly acknowledgedAt: (address: string) => number | undefined;
}

/**
 * The longest time without a mail while events came, and the time from each healing until as many mails a second are
 * taken as come (`rate`), or none waits any more; only mails of events that came after the healing count, because what
 * waited is no sign that a dead worker's partitions go on. All times as `performance.now()`.
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
