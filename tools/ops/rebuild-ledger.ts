import type { Command } from 'commander';
import { decodeOutcomes, NOTIFY_TYPES, OUTCOMES_TOPIC, parseRfc3339, RETRY_TOPICS, TOPICS } from '#events';
import { readTopic } from '#kafka';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createLedgerRebuilder, type Outcome, type ToldOutcome } from '#redis';
import { longestDeadlines } from '#rules';
import { createSink, type SunkCounts } from './outcome-sink.ts';
import { environmentWith, kafkaConnection, withRedis } from './servers.ts';
import { counted, timeArgument } from './text.ts';

const DAY_MS = 86_400_000;
/** Whoever published an outcome may have had a clock that was behind. */
const CLOCKS_APART_MS = 3_600_000;

type Deadlines = ReturnType<typeof longestDeadlines>;

/** `ops rebuild-ledger`: what became of mails, read back from Kafka after Redis was restored or lost. */
export function addRebuildLedger(ops: Command): void {
  ops
    .command('rebuild-ledger')
    .summary('after Redis was restored or lost: what became of mails, read back from Kafka')
    .description(
      'Read the outcomes back from Kafka and write into the ledger what it does not know: which mails were accepted, ' +
        'bounced, deferred and so on, so that none of them is sent again. What the ledger knows better stays. It may ' +
        'be repeated. Stop the notifiers first: what they send before it is written may be sent twice. See ' +
        'docs/backup.md',
    )
    .option(
      '--since <time>',
      'only outcomes published since then: an hour before the copy of Redis was made is enough. Without it all that ' +
        'the ledger would still keep',
      timeArgument,
    )
    .action(rebuildLedger);
}

async function rebuildLedger({ since }: { readonly since?: number }): Promise<void> {
  const environment = environmentWith(['KAFKA_BROKERS', 'REDIS_URL']);
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const deadlines = longestDeadlines([...brands.values()].map((brand) => brand.deadlines));
  const longest = Math.max(...Object.values(deadlines)) + DAY_MS + CLOCKS_APART_MS;
  const counts = await withRedis(environment, async (redis) => {
    const rebuild = createLedgerRebuilder(redis);
    const sink = createSink((outcome) => rebuild(toldOutcome(outcome, deadlines)), console.error);
    await readTopic(
      kafkaConnection(environment),
      OUTCOMES_TOPIC,
      (record) => sink.take(decodeOutcomes(record)),
      { since: since ?? Date.now() - longest },
    );
    return sink.end();
  });
  for (const line of describeRebuilt(counts)) console.log(line);
}

/** An outcome with what it does not say: how long the ledger keeps it, and where its retries wait. */
export function toldOutcome(outcome: Outcome, deadlines: Deadlines): ToldOutcome {
  const definition = Object.values(NOTIFY_TYPES).find(({ kinds }) =>
    (kinds as readonly string[]).includes(outcome.kind),
  );
  const { family, ladder } = TOPICS[definition?.topic ?? 'call-events'];
  // A kind that only a later version knows is kept the longest.
  const deadline = definition ? deadlines[family] : Math.max(...Object.values(deadlines));
  const at = parseRfc3339(outcome.at) ?? Date.now();
  const retryTopic = RETRY_TOPICS.find((topic) => TOPICS[topic].ladder === ladder) ?? 'notify-retry-10s';
  return { outcome, keepUntil: at + deadline + DAY_MS, retryTopic };
}

/** Describes what was done, one sentence a line. */
export function describeRebuilt({ read, written, known, over, unreadable }: SunkCounts): string[] {
  return [
    `${counted(read, 'outcome')} with recipients read: ${written} written into the ledger, ${known} known to it, ` +
      `${over} too old to be kept`,
    ...(unreadable > 0 ? [`${counted(unreadable, 'record')} could not be read and were left out`] : []),
  ];
}
