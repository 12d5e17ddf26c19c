import { parseSubscriberNumber } from '#rules';
import { Asking, type Unanswered } from './asking.ts';
import { readDeadLetters, selectDeadLetters, type DeadLetter } from './dead-letter.ts';
import { findEvents, findWaiting, isAsked, nameOf, type Search } from './find-events.ts';
import type { KnownEvent } from './known-event.ts';
import type { Asked, Sources } from './sources.ts';
import type { WaitingRecord } from './waiting-records.ts';

/** An event with the places of its records that are not settled yet. */
interface ToldEvent extends KnownEvent {
  readonly waiting: readonly WaitingRecord[];
}

/** What became of an event, or of the last events of a number. */
export interface Story {
  /** Of a number the newest first. */
  readonly events: readonly ToldEvent[];
  /** Records that are not settled, of events of which neither history nor ledger know anything; newest first. */
  readonly untold: readonly WaitingRecord[];
  /** The dead letters of these events, oldest first. */
  readonly letters: readonly DeadLetter[];
  /** What could not be asked, so that it may be missing here. */
  readonly unanswered: readonly Unanswered[];
}

/**
 * Tells what Kafka, ledger, history, retry topics and dead letters know of an event or a number. What a server does not
 * answer is missing and named; never rejects for that.
 */
export async function storyOf(sources: Sources, asked: Asked): Promise<Story> {
  const number = parseSubscriberNumber(asked.id);
  const asking = new Asking();
  const search: Search = {
    sources,
    asking,
    asked: { ...asked, ...(number.ok ? { number: number.number } : {}) },
  };
  const waiting = await asking.ask('Kafka', { records: [], retries: [] }, () => findWaiting(search));
  const events = await findEvents(search, waiting);
  const { newestLetters: newest } = asked;
  const letters = await asking.ask('Kafka', [], () =>
    readDeadLetters(sources.kafka, newest === undefined ? {} : { newest }),
  );
  const concerned = selectDeadLetters(letters, {}).filter(({ event, record }) =>
    isAsked({ ...event, numbers: [record.key?.toString() ?? null] }, search.asked),
  );
  return {
    ...besideTheirEvents(events, waiting.records),
    letters: concerned.slice(-asked.limit),
    unanswered: asking.unanswered,
  };
}

/** Puts each waiting record to the event that the ledger knows it by. */
function besideTheirEvents(
  events: readonly KnownEvent[],
  waiting: readonly WaitingRecord[],
): Pick<Story, 'events' | 'untold'> {
  const byName = Map.groupBy(waiting, ({ event }) => nameOf(event));
  const told = events.map((event) => {
    const name = event.table && nameOf(event.table.event);
    const places = name === undefined ? [] : (byName.get(name) ?? []);
    if (name !== undefined) byName.delete(name);
    return { ...event, waiting: places };
  });
  const untold = [...byName.values()].flat();
  return {
    events: told,
    untold: untold.toSorted((one, other) => other.record.timestamp - one.record.timestamp),
  };
}
