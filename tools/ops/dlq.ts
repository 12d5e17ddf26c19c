import { Option, type Command } from 'commander';
import { DEAD_LETTER_REASONS } from '#delivery';
import { createPublisher, type KafkaConnection, type Publisher } from '#kafka';
import {
  closeDeadLetters,
  readDeadLetters,
  replayDeadLetters,
  selectDeadLetters,
  type DeadLetter,
  type DeadLetterFilter,
} from '#operations';
import { deadLetterLine, describeDeadLetter } from './describe-dead-letter.ts';
import { operator } from './operator.ts';
import { OpsError } from './ops-error.ts';
import { environmentWith, kafkaConnection } from './servers.ts';
import { counted, countArgument, timeArgument } from './text.ts';

/** `ops dlq`: lists, shows, replays and closes dead letters. */
export function addDlq(ops: Command): void {
  const dlq = ops
    .command('dlq')
    .summary('dead letters: what could not be delivered, and why')
    .description('Dead letters are what could not be delivered: list them, show one, replay or close them');
  withFilter(dlq.command('list'))
    .description(
      'List the dead letters that wait for a person, one a line, oldest first: id, time, reason, ' +
        'topic/partition/offset, event, error',
    )
    .option('--all', 'also those that were replayed or closed, and when')
    .option('--limit <n>', 'only the newest n', countArgument)
    .action(list);
  dlq
    .command('show')
    .description('Show everything about one: headers, value and problems; secrets stay sealed')
    .argument('<id>', 'as `dlq list` shows it')
    .action(show);
  withFilter(dlq.command('replay'))
    .description(
      'Publish dead letters again to the topic they first came from, with a line for each. Recipients who already ' +
        'have the mail get no second one, even after several replays. What fails again becomes a new dead letter. A ' +
        'replayed dead letter no longer waits for a person.',
    )
    .summary('publish dead letters again to the topic they first came from')
    .argument('[id...]', 'as `dlq list` shows them')
    .option('--all', 'all that wait for a person and match the filter, instead of ids')
    .action(replay);
  dlq
    .command('close')
    .description(
      'Mark dead letters as needing no action: they no longer wait for a person, and no event is published',
    )
    .argument('<id...>', 'as `dlq list` shows them')
    .action(close);
}

function withFilter(command: Command): Command {
  return command
    .addOption(new Option('--reason <reason>', 'only with this reason').choices(DEAD_LETTER_REASONS))
    .option(
      '--since <time>',
      'only those since this time (RFC 3339, or how long ago: 30m, 2h, 1d)',
      timeArgument,
    )
    .option('--until <time>', 'only those until this time', timeArgument);
}

interface ListOptions extends DeadLetterFilter {
  readonly limit?: number;
  readonly all?: boolean;
}

async function list({ limit, all = false, ...filter }: ListOptions): Promise<void> {
  const connection = kafkaConnection(environmentWith(['KAFKA_BROKERS']));
  const known = selectDeadLetters(await readDeadLetters(connection), filter);
  const waiting = known.filter(({ handled }) => !handled);
  const letters = all ? known : waiting;
  const shown = limit === undefined ? letters : letters.slice(-limit);
  for (const letter of shown) console.log(deadLetterLine(letter));
  const of = shown.length < letters.length ? `${shown.length} shown; ` : '';
  const done = known.length - waiting.length;
  const others = done === 0 ? '' : `, ${done} replayed or closed${all ? '' : ' (--all shows them)'}`;
  const wait = waiting.length === 1 ? 'dead letter waits' : 'dead letters wait';
  console.error(`${of}${waiting.length} ${wait} for a person${others}`);
}

async function show(id: string): Promise<void> {
  const connection = kafkaConnection(environmentWith(['KAFKA_BROKERS']));
  const letters = selectDeadLetters(await readDeadLetters(connection), {});
  const letter = letters.find((one) => one.id === id);
  if (!letter) throw noSuchLetter(id);
  for (const line of describeDeadLetter(letter, connection.topicPrefix, Date.now())) console.log(line);
}

async function replay(
  ids: readonly string[],
  { all, ...filter }: DeadLetterFilter & { readonly all?: boolean },
  command: Command,
): Promise<void> {
  if (Boolean(all) === ids.length > 0) command.error('error: expected ids, or --all');
  if (!all && Object.keys(filter).length > 0)
    command.error('error: --reason, --since and --until need --all');
  const connection = kafkaConnection(environmentWith(['KAFKA_BROKERS']));
  const copies = await readDeadLetters(connection);
  const chosen = all ? selectDeadLetters(copies, { ...filter, waiting: true }) : lettersOf(ids, copies);
  const publisher = createPublisher(connection);
  try {
    const deps = handlingDeps(connection, publisher);
    const replayed = await tellReplays(replayDeadLetters(deps, chosen, copies));
    console.error(`${counted(replayed, 'record')} replayed`);
    if (replayed < chosen.length) process.exitCode = 1;
  } finally {
    await publisher.close();
  }
}

async function close(ids: readonly string[]): Promise<void> {
  const connection = kafkaConnection(environmentWith(['KAFKA_BROKERS']));
  const copies = await readDeadLetters(connection);
  const chosen = lettersOf(ids, copies);
  const publisher = createPublisher(connection);
  try {
    await closeDeadLetters(handlingDeps(connection, publisher), chosen, copies);
    for (const { id, reason, event } of chosen)
      console.log(`${id}: closed (${reason}, event ${event.id || '-'})`);
  } finally {
    await publisher.close();
  }
}

/** The dead letters with these ids, handled or not. Reports unknown ids and then makes the command fail. */
function lettersOf(ids: readonly string[], copies: readonly DeadLetter[]): DeadLetter[] {
  const letters = selectDeadLetters(copies, {});
  const missing = [...new Set(ids)].filter((id) => !letters.some((letter) => letter.id === id));
  for (const id of missing) console.error(noSuchLetter(id).message);
  if (missing.length > 0) process.exitCode = 1;
  return letters.filter(({ id }) => ids.includes(id));
}

function handlingDeps(
  { topicPrefix }: KafkaConnection,
  publisher: Publisher,
): Parameters<typeof replayDeadLetters>[0] {
  return { publisher, topicPrefix, operator: operator(), now: Date.now };
}

/** Tells of each replay as soon as Kafka has it; resolves with how many there were. */
async function tellReplays(replays: ReturnType<typeof replayDeadLetters>): Promise<number> {
  let replayed = 0;
  for await (const { letter, ...replay } of replays) {
    if ('problem' in replay) console.error(`${letter.id}: not replayed: ${replay.problem}`);
    else {
      replayed += 1;
      console.log(`${letter.id}: replayed to ${replay.topic} (${letter.reason}, event ${letter.event.id})`);
    }
  }
  return replayed;
}

function noSuchLetter(id: string): OpsError {
  return new OpsError('not-found', `${id}: there is no such dead letter; \`dlq list\` shows them all`);
}
