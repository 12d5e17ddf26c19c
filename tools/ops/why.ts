import type { Command } from 'commander';
import { parseSubscriberNumber } from '#rules';
import { Asking } from './asking.ts';
import { readDeadLetters, selectDeadLetters, type DeadLetter } from './dead-letter.ts';
import { deadLetterLine } from './describe-dead-letter.ts';
import { describeEvent, waitsForMail, type KnownEvent } from './describe-outcome.ts';
import { findEvents, findWaiting, isAsked, nameOf, type Search } from './find-events.ts';
import type { Asked } from './find-outcomes.ts';
import { OpsError } from './ops-error.ts';
import { environmentWith, kafkaConnection } from './servers.ts';
import { whatMailsWaitFor } from './what-mails-wait-for.ts';
import { countArgument } from './text.ts';
import { describeWaiting, type WaitingRecord } from './waiting-records.ts';

/** `ops why`: what became of an event, or of the last events of a number. */
export function addWhy(ops: Command): void {
  ops
    .command('why')
    .summary('what became of an event, or of the last events of a number')
    .description(
      'Show what became of an event, or of the last events of a number: the reason; each recipient with state, ' +
        'attempts, answer and next try; what is not settled yet; what is in the dead letters; and which server could ' +
        'not be asked',
    )
    .argument('<event id or number>', 'the ce_id of an event, or a telephone number')
    .option('--source <ce_source>', 'the source, when several used the same id')
    .option('--limit <n>', 'for a number: how many of its newest events', countArgument, 10)
    .action(why);
}

async function why(id: string, options: Omit<Asked, 'id' | 'number'>): Promise<void> {
  const environment = environmentWith(['REDIS_URL', 'KAFKA_BROKERS']);
  const kafka = kafkaConnection(environment);
  const number = parseSubscriberNumber(id);
  const asked: Asked = { ...options, id, ...(number.ok ? { number: number.number } : {}) };
  const asking = new Asking();
  const search: Search = { environment, kafka, asked, asking };
  const waiting = await asking.ask('Kafka', { records: [], retries: [] }, () => findWaiting(search));
  const events = await findEvents(search, waiting);
  const letters = await asking.ask('Kafka', [], () => readDeadLetters(kafka));
  const concerned = selectDeadLetters(letters, {}).filter(({ event, record }) =>
    isAsked({ ...event, numbers: [record.key?.toString() ?? null] }, asked),
  );
  await tell(search, { events, waiting: waiting.records, letters: concerned.slice(-asked.limit) });
  if (events.length + waiting.records.length + concerned.length === 0) throw notFound(id, asking.away);
  if (asking.away.size > 0) process.exitCode = 1;
}

interface Found {
  readonly events: readonly KnownEvent[];
  readonly waiting: readonly WaitingRecord[];
  readonly letters: readonly DeadLetter[];
}

/** Prints everything, newest first; if mails are waiting, also which server they wait for. */
async function tell({ environment, asking }: Search, { events, waiting, letters }: Found): Promise<void> {
  const ledger = asking.away.has('Redis') ? 'unasked' : 'unknown';
  const byName = Map.groupBy(waiting, ({ event }) => nameOf(event));
  const told = events.flatMap((event) => {
    const name = event.table && nameOf(event.table.event);
    const places = name === undefined ? [] : (byName.get(name) ?? []);
    if (name !== undefined) byName.delete(name);
    return [...describeEvent(event), ...places.flatMap((place) => describeWaiting(place, 'known'))];
  });
  const untold = [...byName.values()]
    .flat()
    .toSorted((one, other) => other.record.timestamp - one.record.timestamp);
  for (const line of [...untold.flatMap((one) => describeWaiting(one, ledger)), ...told]) console.log(line);
  if (waiting.length > 0 || events.some(waitsForMail))
    for (const line of await whatMailsWaitFor(environment)) console.log(`  ${line}`);
  if (letters.length > 0) console.log('in the dead letters:');
  for (const letter of letters) console.log(`  ${deadLetterLine(letter)}`);
}

function notFound(id: string, away: ReadonlySet<string>): OpsError {
  if (away.size === 0)
    return new OpsError('not-found', `${id}: nothing is known of such an event or number, or no longer`);
  const servers = [...away].join(' and ');
  return new OpsError(
    'not-found',
    `${id}: not known whether there is such an event: ${servers} could not be asked`,
  );
}
