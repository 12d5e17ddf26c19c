import type { Command } from 'commander';
import type { LedgerTable } from '#delivery';
import type { KafkaConnection } from '#kafka';
import type { EnvironmentWith } from '#platform';
import { createLedger, type Outcome } from '#redis';
import { parseSubscriberNumber } from '#rules';
import { readDeadLetters, selectDeadLetters, type DeadLetter } from './dead-letter.ts';
import { deadLetterLine } from './describe-dead-letter.ts';
import { describeOutcome, describeTable, waitsForMail } from './describe-outcome.ts';
import { outcomesInKafka, outcomesInRedis, type Asked } from './find-outcomes.ts';
import { mailServerState } from './mail-server-state.ts';
import { OpsError } from './ops-error.ts';
import { environmentWith, kafkaConnection, withHistoryRedis, withRedis } from './servers.ts';
import { countArgument } from './text.ts';
import { describeWaiting, readWaiting, type WaitingRecord } from './waiting-records.ts';

type WhyEnvironment = EnvironmentWith<'REDIS_URL' | 'KAFKA_BROKERS'>;

/** `ops why`: what became of an event, or of the last events of a number. */
export function addWhy(ops: Command): void {
  ops
    .command('why')
    .summary('what became of an event, or of the last events of a number')
    .description(
      'What became of an event, or of the last events of a number: the reason, and each recipient with its state, ' +
        'attempts, answer and next try; what no notifier has settled yet; what is in the dead letters; and which ' +
        'server could not be asked',
    )
    .argument('<event id or number>', 'the ce_id of an event, or a telephone number')
    .option('--source <ce_source>', 'whose event, when several sources used the id')
    .option('--limit <n>', 'of a number: the newest so many events', countArgument, 10)
    .action(why);
}

async function why(id: string, options: Omit<Asked, 'id' | 'number'>): Promise<void> {
  const environment = environmentWith(['REDIS_URL', 'KAFKA_BROKERS']);
  const kafka = kafkaConnection(environment);
  const number = parseSubscriberNumber(id);
  const asked: Asked = { ...options, id, ...(number.ok ? { number: number.number } : {}) };
  const asking = new Asking();
  const waiting = await asking.ask('Kafka', [], () =>
    readWaiting(kafka, environment.KAFKA_GROUP_ID, (record) => isWaitingFor(record, asked)),
  );
  const events = await findEvents(environment, kafka, asked, { waiting, asking });
  const letters = await asking.ask('Kafka', [], () => readDeadLetters(kafka));
  const concerned = selectDeadLetters(letters, {}).filter((letter) => concerns(letter, asked));
  await tell(environment, { events, waiting, letters: concerned.slice(-asked.limit) });
  if (events.length + waiting.length + concerned.length === 0) throw notFound(id, asking.away);
  if (asking.away.size > 0) process.exitCode = 1;
}

/** An event by its outcome, by what the ledger holds, or by both. */
type KnownEvent = { readonly outcome?: Outcome; readonly table?: LedgerTable };

interface Found {
  readonly events: readonly KnownEvent[];
  readonly waiting: readonly WaitingRecord[];
  readonly letters: readonly DeadLetter[];
}

/** Says everything, and of mails that wait whether they wait for the mail server. */
async function tell(environment: WhyEnvironment, { events, waiting, letters }: Found): Promise<void> {
  const lines = events.flatMap(({ outcome, table }) =>
    outcome ? describeOutcome(outcome, table) : table ? describeTable(table) : [],
  );
  const known = new Set(events.flatMap(({ table }) => (table ? [nameOf(table.event)] : [])));
  for (const one of waiting) lines.push(...describeWaiting(one, known.has(nameOf(one.event))));
  for (const line of lines) console.log(line);
  if (waiting.length > 0 || events.some(waitsForMail))
    console.log(`  ${await mailServerState(environment.SMTP_URL)}`);
  if (letters.length > 0) console.log('in the dead letters:');
  for (const letter of letters) console.log(`  ${deadLetterLine(letter)}`);
}

/** Finds what Redis knows; without Redis, or when it has forgotten, the log of outcomes in Kafka. */
async function findEvents(
  environment: WhyEnvironment,
  kafka: KafkaConnection,
  asked: Asked,
  { waiting, asking }: { readonly waiting: readonly WaitingRecord[]; readonly asking: Asking },
): Promise<readonly KnownEvent[]> {
  const sources =
    asked.source === undefined ? waiting.map(({ event }) => event) : [{ ...asked, source: asked.source }];
  const outcomes = await asking.ask(environment.HISTORY_REDIS_URL ? HISTORY : 'Redis', [], () =>
    withHistoryRedis(environment, (redis) => outcomesInRedis(redis, asked)),
  );
  const told = outcomes.map((outcome) => ({
    outcome,
    name: { source: outcome.eventSource, id: outcome.eventId },
  }));
  const others = sources.filter((one) => !told.some(({ name }) => nameOf(name) === nameOf(one)));
  const inRedis = await asking.ask<readonly KnownEvent[]>('Redis', told, () =>
    withRedis(environment, async (redis) => {
      const ledger = createLedger(redis);
      const find = async ({ source, id }: { source: string; id: string }) => {
        const table = await ledger.find(source, id);
        return table ? { table } : {};
      };
      const withTables = told.map(async ({ outcome, name }) => ({ outcome, ...(await find(name)) }));
      const tables = await Promise.all(others.map(find));
      return [...(await Promise.all(withTables)), ...tables.filter((one) => 'table' in one)];
    }),
  );
  if (inRedis.length > 0) return inRedis;
  return (await asking.ask('Kafka', [], () => outcomesInKafka(kafka, asked))).map((outcome) => ({ outcome }));
}

const HISTORY = "The history's Redis";

/** What an answer lacks without a server. */
const LACKING = {
  Redis: 'what the ledger and the history know (next tries, what was told lately) is missing here',
  [HISTORY]: 'what was told lately may be missing here',
  Kafka: 'what waits, the dead letters and older outcomes are missing here',
} as const;
type Server = keyof typeof LACKING;

/** Asks servers, and remembers which could not be asked: the rest of the answer is worth having all the same. */
class Asking {
  readonly away = new Set<Server>();

  async ask<T>(server: Server, otherwise: T, read: () => Promise<T>): Promise<T> {
    if (this.away.has(server)) return otherwise;
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      // A topic that is not there yet is an answer too.
      if (error.code !== 'topics-unfit') this.away.add(server);
      console.error(`${server} could not be asked, so ${LACKING[server]}: ${error.message}`);
      return otherwise;
    }
  }
}

function notFound(id: string, away: ReadonlySet<string>): OpsError {
  if (away.size === 0)
    return new OpsError('not-found', `${id}: nothing is known of such an event or number (any more)`);
  const servers = [...away].join(' and ');
  return new OpsError(
    'not-found',
    `${id}: not known whether there is such an event: ${servers} could not be asked`,
  );
}

const nameOf = ({ source, id }: { readonly source: string; readonly id: string }): string =>
  JSON.stringify([source, id]);

function isWaitingFor({ event, numbers }: WaitingRecord, { id, number, source }: Asked): boolean {
  if (event.id === id) return source === undefined || event.source === source;
  return number !== undefined && numbers.includes(number);
}

function concerns({ event, record }: DeadLetter, { id, number, source }: Asked): boolean {
  if (event.id === id) return source === undefined || event.source === source;
  return number !== undefined && record.key?.toString() === number;
}
