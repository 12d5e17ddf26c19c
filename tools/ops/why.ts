import type { Command } from 'commander';
import { storyOf, waitsForMail, type Asked, type AskedServer, type Unanswered } from '#operations';
import { deadLetterLine } from './describe-dead-letter.ts';
import { describeEvent } from './describe-outcome.ts';
import { describeWaiting } from './describe-waiting.ts';
import { OpsError } from './ops-error.ts';
import { environmentWith, withSources } from './servers.ts';
import { countArgument } from './text.ts';
import { whatMailsWaitFor } from './what-mails-wait-for.ts';

/** The servers' names in messages. */
const NAMES: Readonly<Record<AskedServer, string>> = {
  Redis: 'Redis',
  History: "The history's Redis",
  Kafka: 'Kafka',
};

/** What an answer lacks when a server does not answer. */
const LACKING: Readonly<Record<AskedServer, string>> = {
  Redis: 'this is what Kafka knows',
  History: 'the outcomes are those that Kafka knows',
  Kafka: 'what waits, the dead letters and older outcomes are missing here',
};

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

async function why(id: string, options: Pick<Asked, 'source' | 'limit'>): Promise<void> {
  const environment = environmentWith(['REDIS_URL', 'KAFKA_BROKERS']);
  const story = await withSources(environment, (sources) =>
    storyOf(sources, { ...options, id, searchesKafka: true }),
  );
  for (const { server, message } of story.unanswered)
    console.error(`${NAMES[server]} could not be asked, so ${LACKING[server]}: ${message}`);
  tell(story);
  if (story.untold.length > 0 || story.events.some((one) => one.waiting.length > 0 || waitsForMail(one)))
    for (const line of await whatMailsWaitFor(environment)) console.log(`  ${line}`);
  if (story.letters.length > 0) console.log('in the dead letters:');
  for (const letter of story.letters) console.log(`  ${deadLetterLine(letter)}`);
  const away = story.unanswered.filter(({ isAway }) => isAway);
  if (story.events.length + story.untold.length + story.letters.length === 0) throw notFound(id, away);
  if (away.length > 0) process.exitCode = 1;
}

/** Prints what is not settled, then everything that is known, newest first. */
function tell({ events, untold, unanswered }: Awaited<ReturnType<typeof storyOf>>): void {
  const isAway = unanswered.some((one) => one.isAway && one.server === 'Redis');
  const told = events.flatMap((event) => [
    ...describeEvent(event),
    ...event.waiting.flatMap((place) => describeWaiting(place, 'known')),
  ]);
  const waiting = untold.flatMap((one) => describeWaiting(one, isAway ? 'unasked' : 'unknown'));
  for (const line of [...waiting, ...told]) console.log(line);
}

function notFound(id: string, away: readonly Unanswered[]): OpsError {
  if (away.length === 0)
    return new OpsError('not-found', `${id}: nothing is known of such an event or number, or no longer`);
  const servers = away.map(({ server }) => NAMES[server]).join(' and ');
  return new OpsError(
    'not-found',
    `${id}: not known whether there is such an event: ${servers} could not be asked`,
  );
}
