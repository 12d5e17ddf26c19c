import { Option, type Command } from 'commander';
import { DEAD_LETTER_REASONS } from '#delivery';
import { createPublisher, replayOf, type OutgoingRecord } from '#kafka';
import { readDeadLetters, selectDeadLetters, type DeadLetter, type DeadLetterFilter } from './dead-letter.ts';
import { deadLetterLine, describeDeadLetter } from './describe-dead-letter.ts';
import { OpsError } from './ops-error.ts';
import { environmentWith, kafkaConnection } from './servers.ts';
import { counted, countArgument, timeArgument } from './text.ts';

/** Replays that are published together; each is told when Kafka has it. */
const AT_ONCE = 500;

/** `ops dlq`: dead letters that people can work with. */
export function addDlq(ops: Command): void {
  const dlq = ops
    .command('dlq')
    .summary('dead letters: what could not be delivered, and why')
    .description('Dead letters, what could not be delivered: list them, show one, replay them');
  withFilter(dlq.command('list'))
    .description(
      'A line for each, oldest first: id, when, reason, topic/partition/offset, event, what is wrong',
    )
    .option('--limit <n>', 'only the newest so many', countArgument)
    .action(list);
  dlq
    .command('show')
    .description('Everything about one: headers, value, what is wrong; a secret stays sealed')
    .argument('<id>', 'as `dlq list` shows it')
    .action(show);
  withFilter(dlq.command('replay'))
    .description(
      'Publish dead letters again to the topic that they first came by, with a line for each. Whoever has the mail ' +
        'already gets no other, also when it is replayed twice; what fails again becomes a new dead letter.',
    )
    .summary('publish dead letters again to the topic that they first came by')
    .argument('[id...]', 'as `dlq list` shows them')
    .option('--all', 'all that fit, in place of ids')
    .action(replay);
}

function withFilter(command: Command): Command {
  return command
    .addOption(new Option('--reason <reason>', 'only of this reason').choices(DEAD_LETTER_REASONS))
    .option(
      '--since <time>',
      'only those kept since then (RFC 3339, or how long ago: 30m, 2h, 1d)',
      timeArgument,
    )
    .option('--until <time>', 'only those kept until then', timeArgument);
}

async function list({ limit, ...filter }: DeadLetterFilter & { readonly limit?: number }): Promise<void> {
  const connection = kafkaConnection(environmentWith(['KAFKA_BROKERS']));
  const letters = selectDeadLetters(await readDeadLetters(connection), filter);
  const shown = limit === undefined ? letters : letters.slice(-limit);
  for (const letter of shown) console.log(deadLetterLine(letter));
  const of = shown.length < letters.length ? ` of ${letters.length}` : '';
  console.error(`${shown.length}${of} dead ${letters.length === 1 ? 'letter' : 'letters'}`);
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
    command.error('error: --reason, --since and --until go with --all');
  const connection = kafkaConnection(environmentWith(['KAFKA_BROKERS']));
  const letters = selectDeadLetters(await readDeadLetters(connection), filter);
  const missing = [...new Set(ids)].filter((id) => !letters.some((letter) => letter.id === id));
  const chosen = all ? letters : letters.filter(({ id }) => ids.includes(id));
  for (const id of missing) console.error(noSuchLetter(id).message);
  const publisher = createPublisher(connection);
  try {
    const replayed = await publishReplays(chosen, connection.topicPrefix, (records) =>
      publisher.publish(records),
    );
    console.error(`${counted(replayed, 'record')} replayed`);
    if (replayed < chosen.length || missing.length > 0) process.exitCode = 1;
  } finally {
    await publisher.close();
  }
}

/** Publishes them and says so; answers with how many. */
async function publishReplays(
  letters: readonly DeadLetter[],
  topicPrefix: string,
  publish: (records: readonly OutgoingRecord[]) => Promise<void>,
): Promise<number> {
  let replayed = 0;
  for (let from = 0; from < letters.length; from += AT_ONCE) {
    const part = letters
      .slice(from, from + AT_ONCE)
      .map((letter) => ({ letter, replay: replayOf(letter.record, topicPrefix) }));
    await publish(part.flatMap(({ replay }) => ('record' in replay ? [replay.record] : [])));
    for (const { letter, replay } of part) {
      if ('problem' in replay) console.error(`${letter.id}: not replayed: ${replay.problem}`);
      else {
        replayed += 1;
        console.log(
          `${letter.id}: replayed to ${replay.record.topic} (${letter.reason}, event ${letter.event.id})`,
        );
      }
    }
  }
  return replayed;
}

function noSuchLetter(id: string): OpsError {
  return new OpsError('not-found', `${id}: there is no such dead letter; \`dlq list\` shows them all`);
}
