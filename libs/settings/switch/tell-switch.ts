import { hash, randomUUID } from 'node:crypto';
import { encodeEvent, encodeTombstone, type EncodedEvent, type EventData } from '#events';
import { EVENT_SOURCE } from '../mails/publish-access-mail.ts';
import { claim, finish, isDone, type WaitingCommand } from './outbox.ts';
import type { SwitchOutbox } from './switch-outbox.ts';
import { numberOfPlace, type SwitchPlace, type SwitchState } from './switch-state.ts';

/** A record for the switch: a tombstone has no value. */
export type SwitchRecord = Omit<EncodedEvent, 'value'> & {
  readonly value: Buffer | null;
  /** Whether it goes to the partition after that of its key: see `recordOf`. */
  readonly besideKey?: true;
};

export interface TellDeps {
  readonly outbox: SwitchOutbox;
  /** Resolves when Kafka has acknowledged every record, or rejects after `withinMs`. */
  readonly publisher: {
    publish(records: readonly SwitchRecord[], options: { readonly withinMs: number }): Promise<void>;
  };
  readonly now: () => number;
}

/** How long Kafka may take for one record. */
const PUBLISH_MS = 5_000;
/** How long after the claim a record may still be begun; then it needs another claim. */
const MAY_BEGIN_MS = 5_000;

/**
 * Tells the switch all that it has to be told of a place, unless somebody else is at it: first the newest state, then
 * the commands, one after another. Resolves with whether it told something; rejects when Redis or Kafka is away, and
 * then it stays to be told. After the signal nothing more is begun.
 */
export async function tellSwitch(deps: TellDeps, place: SwitchPlace, signal: AbortSignal): Promise<boolean> {
  let hasTold = false;
  while (!signal.aborted) {
    const found = await tellOnce(deps, place, signal);
    if (found === 'wait') return hasTold;
    if (found !== 'done') hasTold = true;
    if (found !== 'more') {
      await deps.outbox.forget(place);
      return hasTold;
    }
  }
  return hasTold;
}

/** `told` and `more`: something was told, and nothing or something remains. */
async function tellOnce(
  deps: TellDeps,
  place: SwitchPlace,
  signal: AbortSignal,
): Promise<'done' | 'wait' | 'told' | 'more'> {
  const { outbox, now } = deps;
  const token = randomUUID();
  const begunAt = now();
  const found = await outbox.change(place, (box, state) => {
    const { result, outbox: after } = claim(box, { token, now: begunAt });
    return { result: { ...result, state }, ...(after && { outbox: after }) };
  });
  if (found.kind !== 'tell') return found.kind;
  const events = eventsOf(place, found, found.state, begunAt);
  const sequences = new Set<number>();
  let isInDoubt = true;
  let isOver = false;
  try {
    for (const { sequence, record } of events) {
      if (signal.aborted || now() - begunAt > MAY_BEGIN_MS) break;
      await deps.publisher.publish([record], { withinMs: PUBLISH_MS });
      sequences.add(sequence);
    }
    isInDoubt = false;
  } finally {
    isOver = await outbox.change(place, (box) => {
      const after = finish(box, { token, sequences, isInDoubt }, now());
      return { result: isDone(after), outbox: after };
    });
  }
  return isOver ? 'told' : 'more';
}

/** A record with its place in the order. */
interface Telling {
  readonly sequence: number;
  readonly record: SwitchRecord;
}

function eventsOf(
  place: SwitchPlace,
  { settings, commands }: { readonly settings?: number; readonly commands: readonly WaitingCommand[] },
  state: SwitchState,
  now: number,
): Telling[] {
  const newest =
    settings === undefined ? [] : [{ sequence: settings, record: recordOf(place, settings, state, now) }];
  const orders = commands.map((command) => ({
    sequence: command.sequence,
    record: commandOf(place, command),
  }));
  return [...newest, ...orders];
}

/**
 * The record of the newest state. A line has the key of its own number, which is a number as well: a compacted topic
 * keeps both states because they are in different partitions.
 */
function recordOf(
  place: SwitchPlace,
  sequence: number,
  { settings }: SwitchState,
  now: number,
): SwitchRecord {
  const envelope = envelopeOf(place, sequence, now);
  if (place.startsWith('voice-warp:')) {
    const type = 'voice-warp.v1';
    if (settings === null) return encodeTombstone({ ...envelope, type });
    return encodeEvent({ ...envelope, type, data: settings as EventData<typeof type> });
  }
  const type = 'bulk-transfer-settings.v1';
  if (settings === null) return { ...encodeTombstone({ ...envelope, type }), besideKey: true };
  const data = settings as EventData<typeof type>;
  return { ...encodeEvent({ ...envelope, type, data }), besideKey: true };
}

function commandOf(place: SwitchPlace, { sequence, action, at }: WaitingCommand): SwitchRecord {
  const envelope = envelopeOf(place, sequence, at);
  const data = {
    lineNumber: envelope.key,
    action,
    because: 'subscriber',
    at: new Date(at).toISOString(),
  } as const;
  return encodeEvent({ ...envelope, type: 'bulk-transfer.v1', data });
}

/** One that is told twice is the same event: its id follows from the place and the number. */
function envelopeOf(
  place: SwitchPlace,
  sequence: number,
  time: number,
): { source: string; id: string; time: number; key: string; sequence: number } {
  const id = hash('sha256', JSON.stringify([place, sequence]), 'base64url').slice(0, 22);
  return { source: EVENT_SOURCE, id, time, key: numberOfPlace(place), sequence };
}
