import type { Command } from 'commander';
import { decodeOutcomes, OUTCOMES_TOPIC } from '#events';
import { readTopic, type KafkaConnection } from '#kafka';
import { createLedger, createOutcomeHistory, type Outcome, type RedisConnection } from '#redis';
import { parseSubscriberNumber } from '#rules';
import { readDeadLetters, selectDeadLetters, type DeadLetter } from './dead-letter.ts';
import { deadLetterLine } from './describe-dead-letter.ts';
import { describeOutcome, describeTable } from './describe-outcome.ts';
import { OpsError } from './ops-error.ts';
import { environmentWith, kafkaConnection, withRedis } from './servers.ts';
import { countArgument } from './text.ts';

interface WhyOptions {
  readonly limit: number;
  readonly source?: string;
}

/** What is asked about: an event's id or a number, and how it may be recognised. */
interface Asked extends WhyOptions {
  readonly id: string;
  readonly number?: string;
}

/** `ops why`: what became of an event, or of the last events of a number. */
export function addWhy(ops: Command): void {
  ops
    .command('why')
    .summary('what became of an event, or of the last events of a number')
    .description(
      'What became of an event, or of the last events of a number: the reason, and each recipient with its state, ' +
        'attempts, answer and next try; and what of it is in the dead letters',
    )
    .argument('<event id or number>', 'the ce_id of an event, or a telephone number')
    .option('--source <ce_source>', 'whose event, when several sources used the id')
    .option('--limit <n>', 'of a number: the newest so many events', countArgument, 10)
    .action(why);
}

async function why(id: string, options: WhyOptions): Promise<void> {
  const environment = environmentWith(['REDIS_URL', 'KAFKA_BROKERS']);
  const kafka = kafkaConnection(environment);
  const number = parseSubscriberNumber(id);
  const asked: Asked = { ...options, id, ...(number.ok ? { number: number.number } : {}) };
  const found = await withRedis(environment, (redis) => tellOutcomes(redis, kafka, asked));
  const letters = await unlessAway([], async () =>
    selectDeadLetters(await readDeadLetters(kafka), {}).filter((letter) => concerns(letter, asked)),
  );
  if (letters.length > 0) console.log('in the dead letters:');
  for (const letter of letters.slice(-options.limit)) console.log(`  ${deadLetterLine(letter)}`);
  if (!found && letters.length === 0)
    throw new OpsError('not-found', `${id}: nothing is known of such an event or number (any more)`);
}

/** Says what became of it; false when no outcome and no table are known. */
async function tellOutcomes(redis: RedisConnection, kafka: KafkaConnection, asked: Asked): Promise<boolean> {
  const ledger = createLedger(redis);
  const remembered = await fromHistory(redis, asked);
  const outcomes = remembered.length > 0 ? remembered : await fromKafka(kafka, asked);
  for (const outcome of outcomes) {
    const table = await ledger.find(outcome.eventSource, outcome.eventId);
    for (const line of describeOutcome(outcome, table)) console.log(line);
  }
  if (outcomes.length > 0) return true;
  const table = asked.source === undefined ? undefined : await ledger.find(asked.source, asked.id);
  for (const line of table ? describeTable(table) : []) console.log(line);
  return table !== undefined;
}

async function fromHistory(redis: RedisConnection, asked: Asked): Promise<readonly Outcome[]> {
  const { id, source, number, limit } = asked;
  const history = createOutcomeHistory(redis);
  const ofEvent = await history.ofEvent(id, source);
  if (ofEvent.length > 0 || number === undefined) return ofEvent;
  return (await history.ofNumber({ number, limit }))?.items ?? [];
}

/** What the history does not know, or no longer, Kafka may: the outcomes with the highest sequence, newest first. */
async function fromKafka(kafka: KafkaConnection, { id, source, number, limit }: Asked): Promise<Outcome[]> {
  const latest = new Map<string, Outcome>();
  await unlessAway(undefined, () =>
    readTopic(kafka, OUTCOMES_TOPIC, (record) => {
      const read = decodeOutcomes(record);
      for (const item of read.ok ? read.value.items : []) {
        if (item.eventId !== id && item.number !== number) continue;
        if (source !== undefined && item.eventSource !== source) continue;
        const key = JSON.stringify([item.eventSource, item.eventId]);
        if (item.sequence > (latest.get(key)?.sequence ?? 0)) latest.set(key, item);
      }
    }),
  );
  return [...latest.values()]
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
    .slice(0, limit);
}

function concerns({ event, record }: DeadLetter, { id, number, source }: Asked): boolean {
  if (event.id === id) return source === undefined || event.source === source;
  return number !== undefined && record.key?.toString() === number;
}

/** With Kafka away the rest of the answer is worth having all the same. */
async function unlessAway<T>(otherwise: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    console.error(error.message);
    return otherwise;
  }
}
