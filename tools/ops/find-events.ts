import type { KafkaConnection } from '#kafka';
import type { EnvironmentWith } from '#platform';
import { createLedgerReader } from '#redis';
import { HISTORY, type Asking } from './asking.ts';
import type { EventTable, KnownEvent } from './describe-outcome.ts';
import { outcomesInKafka, outcomesInRedis, type Asked, type ToldOutcome } from './find-outcomes.ts';
import { withHistoryRedis, withRedis } from './servers.ts';
import { readWaiting, type WaitingRecord } from './waiting-records.ts';
import { readWaitingRetries, tableOfRetries, type WaitingRetry } from './waiting-retries.ts';

type WhyEnvironment = EnvironmentWith<'REDIS_URL' | 'KAFKA_BROKERS'>;

/** What is searched for, and where. */
export interface Search {
  readonly environment: WhyEnvironment;
  readonly kafka: KafkaConnection;
  readonly asked: Asked;
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
  asked: Asked,
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
export async function findWaiting({ environment, kafka, asked }: Search): Promise<Waiting> {
  const groupId = environment.KAFKA_GROUP_ID;
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

const named = ({ id, source }: Asked): EventName[] => (source === undefined ? [] : [{ id, source }]);

type FoundOutcome = Pick<ToldOutcome, 'outcome'> & Partial<ToldOutcome>;

async function findOutcomes({ environment, kafka, asked, asking }: Search): Promise<FoundOutcome[]> {
  const remembered = await asking.ask(environment.HISTORY_REDIS_URL ? HISTORY : 'Redis', [], () =>
    withHistoryRedis(environment, (redis) => outcomesInRedis(redis, asked)),
  );
  if (remembered.length > 0) return remembered.map((outcome) => ({ outcome }));
  return asking.ask('Kafka', [], () => outcomesInKafka(kafka, asked));
}

type Tables = ReadonlyMap<string, EventTable>;

async function tablesInLedger({ environment, asking }: Search, names: readonly EventName[]): Promise<Tables> {
  const tables = await asking.ask('Redis', [], () =>
    withRedis(environment, async (redis) => {
      const read = createLedgerReader(redis);
      return Promise.all(names.map(({ source, id }) => read(source, id)));
    }),
  );
  return new Map(tables.flatMap((table) => (table ? [[nameOf(table.event), table]] : [])));
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
