import type { SwitchNews } from './switch-state.ts';

/** A command to the switch that Kafka may not have yet. */
export interface WaitingCommand {
  readonly sequence: number;
  readonly action: 'start' | 'stop';
  /** When it was given, epoch milliseconds. */
  readonly at: number;
}

/** What the switch has to be told of one place, and who is telling it (V5, ADR 0030). */
export interface Outbox {
  /** The last number used: each state and each command has a higher one than all before it. */
  readonly sequence: number;
  /** The number of the newest state, until Kafka has it. */
  readonly settings?: number;
  /** In their order, each until Kafka has it. */
  readonly commands: readonly WaitingCommand[];
  /** Who is telling, until when others leave it to him; epoch milliseconds. */
  readonly claim?: { readonly token: string; readonly until: number };
  /** When the newest state is told once more; epoch milliseconds. */
  readonly again?: number;
}

/** The outbox of a place that nobody has set. */
export const EMPTY_OUTBOX: Outbox = { sequence: 0, commands: [] };

/** Longer than telling may take: see `MAY_BEGIN_MS` and `PUBLISH_MS` in `tell-switch.ts`. */
const LEASE_MS = 15_000;
/**
 * What somebody sent who then died may still be on its way to Kafka, behind what others tell: as long as a broker that
 * hangs may hold it.
 */
const AGAIN_MS = 60_000;

/** Whether Kafka has all that the switch has to be told. */
export function isAllTold({ settings, commands }: Outbox): boolean {
  return settings === undefined && commands.length === 0;
}

/** Whether nothing remains to be done, now or later. */
export function isDone(outbox: Outbox): boolean {
  return isAllTold(outbox) && outbox.claim === undefined && outbox.again === undefined;
}

/** The outbox with news that wait to be told. By the clock, so that the numbers go on after it was forgotten. */
export function withNews(outbox: Outbox, { settings, action }: SwitchNews, now: number): Outbox {
  let sequence = outbox.sequence;
  const next = (): number => (sequence = Math.max(sequence + 1, now));
  return {
    ...outbox,
    ...(settings && { settings: next() }),
    ...(action && { commands: [...outbox.commands, { sequence: next(), action, at: now }] }),
    sequence,
  };
}

/** The outbox with a new number, so that whoever read it before does not write it. */
export function touched(outbox: Outbox, now: number): Outbox {
  return { ...outbox, sequence: Math.max(outbox.sequence + 1, now) };
}

/** What an attempt to tell finds: nothing to do, nothing to do now, or what to tell. */
export type Claimed =
  | { readonly kind: 'done' | 'wait' }
  | { readonly kind: 'tell'; readonly settings?: number; readonly commands: readonly WaitingCommand[] };

/** Begins to tell under a token that nobody else has, unless somebody else is at it. */
export function claim(
  outbox: Outbox,
  { token, now }: { readonly token: string; readonly now: number },
): { readonly result: Claimed; readonly outbox?: Outbox } {
  const { claim: other, again: due, ...rest } = outbox;
  if (isDone(outbox)) return { result: { kind: 'done' } };
  if (other && other.until > now) return { result: { kind: 'wait' } };
  // Who had it has not finished: what he published may come behind what is told now.
  const again = other ? now + AGAIN_MS : due;
  const isDue = again !== undefined && again <= now;
  const base = isDue ? withNews(rest, { settings: true }, now) : rest;
  const kept = again === undefined || isDue ? base : { ...base, again };
  if (isAllTold(kept)) return { result: { kind: 'wait' }, ...(other && { outbox: kept }) };
  const { settings, commands } = kept;
  return {
    result: { kind: 'tell', ...(settings !== undefined && { settings }), commands },
    outbox: { ...kept, claim: { token, until: now + LEASE_MS } },
  };
}

/** How telling ended: what Kafka has acknowledged by its numbers, and whether something else may be on its way. */
export interface Told {
  readonly token: string;
  readonly sequences: ReadonlySet<number>;
  readonly isInDoubt: boolean;
}

/**
 * Notes what Kafka has now. Where somebody else has told meanwhile, ours may have come last and be old: then the newest
 * state has to be told after it.
 */
export function finish(outbox: Outbox, { token, sequences, isInDoubt }: Told, now: number): Outbox {
  const commands = outbox.commands.filter(({ sequence }) => !sequences.has(sequence));
  const { claim: held, settings, ...rest } = { ...outbox, commands };
  const waiting = settings === undefined || sequences.has(settings) ? {} : { settings };
  if (held?.token === token)
    return { ...rest, ...waiting, ...(isInDoubt && { claim: { ...held, until: 0 } }) };
  return sequences.size === 0
    ? { ...outbox, commands }
    : withNews({ ...outbox, commands }, { settings: true }, now);
}
