import { createLedgerReader, type RedisConnection } from '#redis';
import type { Asking } from './asking.ts';
import { outcomesInKafka, outcomesInRedis, type AskedNumber, type ToldOutcome } from './find-outcomes.ts';
import type { EventTable, KnownEvent } from './known-event.ts';
import type { Sources } from './sources.ts';
import { readWaiting, type WaitingRecord } from './waiting-records.ts';
import { readWaitingRetries, tableOfRetries, type WaitingRetry } from './waiting-retries.ts';

/** What is searched for, and where. */
export interface Search {
  readonly sources: Sources;
  readonly asked: AskedNumber;
  readonly asking: Asking;
}

interface EventName {
  readonly source: string;
  readonly id: string;
}

/** An event's source and id as one key. */
export const nameOf = ({ source, id }: EventName): string => JSON.stringify([source, id]);

/** Whether an event matches what was asked for. */
export function isAsked(
  { id, source, numbers }: EventName & { readonly numbers: readonly (string | null)[] },
  asked: AskedNumber,
): boolean {
  if (id === asked.id) return asked.source === undefined || source === asked.source;
  return asked.number !== undefined && numbers.includes(asked.number);
}

/** Records of these events that are still waiting in Kafka. */
interface Waiting {
  readonly records: readonly WaitingRecord[];
  readonly retries: readonly WaitingRetry[];
}

/** Finds uncommitted records in the source topics and the retry topics. Rejects with a `KafkaError`. */
export async function findWaiting({ sources, asked }: Search): Promise<Waiting> {
  const { kafka, groupId } = sources;
  const [records, retries] = await Promise.all([
    readWaiting(kafka, groupId, ({ event, numbers }) => isAsked({ ...event, numbers }, asked)),
    readWaitingRetries(kafka, groupId, ({ event }) =>
      isAsked({ ...event, numbers: [event.number, event.lineNumber] }, asked),
    ),
  ]);
  return { records, retries };
}

/**
 * Finds what is known of the events: outcomes from the history, or else from Kafka; the state of each recipient from the
 * ledger, or, while Redis is away, from the retry topics.
 */
export async function findEvents(search: Search, { records, retries }: Waiting): Promise<KnownEvent[]> {
  const outcomes = new Map((await findOutcomes(search)).map((one) => [nameOfOutcome(one), one]));
  const events = [
    ...[...outcomes.values()].map(eventOf),
    ...[...records, ...retries].map(({ event }) => event),
    ...named(search.asked),
  ];
  const names = new Map(events.map((event) => [nameOf(event), event]));
  const tables = new Map<string, EventTable>([
    ...tablesOfRetries(retries, outcomes),
    ...(await tablesInLedger(search, [...names.values()])),
  ]);
  const all = new Set([...outcomes.keys(), ...tables.keys()]);
  return [...all].map((name) => {
    const table = tables.get(name);
    return { ...outcomes.get(name), ...(table ? { table } : {}) };
  });
}

const eventOf = ({ outcome }: Pick<ToldOutcome, 'outcome'>): EventName => ({
  source: outcome.eventSource,
  id: outcome.eventId,
});

const nameOfOutcome = (one: Pick<ToldOutcome, 'outcome'>): string => nameOf(eventOf(one));

const named = ({ id, source }: AskedNumber): EventName[] => (source === undefined ? [] : [{ id, source }]);

type FoundOutcome = Pick<ToldOutcome, 'outcome'> & Partial<ToldOutcome>;

async function findOutcomes({ sources, asked, asking }: Search): Promise<FoundOutcome[]> {
  const { history, redis } = sources;
  const remembered = await asking.ask(history === redis ? 'Redis' : 'History', [], async () =>
    outcomesInRedis(await whenReady(history, sources), asked),
  );
  if (remembered.length > 0 || !asked.searchesKafka) return remembered.map((outcome) => ({ outcome }));
  return asking.ask('Kafka', [], () => outcomesInKafka(sources.kafka, asked));
}

type Tables = ReadonlyMap<string, EventTable>;

async function tablesInLedger({ sources, asking }: Search, names: readonly EventName[]): Promise<Tables> {
  const tables = await asking.ask('Redis', [], async () => {
    const read = createLedgerReader(await whenReady(sources.redis, sources));
    return Promise.all(names.map(({ source, id }) => read(source, id)));
  });
  return new Map(tables.flatMap((table) => (table ? [[nameOf(table.event), table]] : [])));
}

async function whenReady(redis: RedisConnection, { readyWithinMs }: Sources): Promise<RedisConnection> {
  await redis.ready(readyWithinMs);
  return redis;
}

function tablesOfRetries(
  retries: readonly WaitingRetry[],
  outcomes: ReadonlyMap<string, FoundOutcome>,
): Tables {
  const tables = new Map<string, EventTable>();
  for (const [name, ofEvent] of Map.groupBy(retries, ({ event }) => nameOf(event))) {
    const table = tableOfRetries(outcomes.get(name)?.outcome, ofEvent);
    if (table) tables.set(name, table);
  }
  return tables;
}
