import { once } from 'node:events';
import { openFaxDocuments, type FaxDocuments } from '#fax-documents';
import { createPublisher, ensureTopics, followTopic, type KafkaConnection, type Publisher } from '#kafka';
import { createLogger, kafkaAccess, untilItWorks, type EnvironmentWith } from '#platform';
import { DEFAULT_DEADLINES } from '#rules';
import { putFaxPages } from './fax-pages.ts';
import type { SwitchPort } from './switch-port.ts';
import { FOLLOWED_TOPICS } from './told.ts';

const KAFKA_ANSWER_MS = 30_000;

interface Connected {
  readonly connection: KafkaConnection;
  readonly publisher: Publisher;
  /** Where FAXes' pages go. Absent where no store is set up. */
  readonly documents: FaxDocuments | undefined;
}

/** The real port: Kafka, and the store of FAXes, as the environment names them, connected to when first needed. */
export function createKafkaPort(
  environment: () => EnvironmentWith<'KAFKA_BROKERS'>,
  signal: AbortSignal,
): SwitchPort & { close(): Promise<void> } {
  let connected: Promise<Connected> | undefined;
  const kafka = (): Promise<Connected> => (connected ??= connect(environment(), signal));
  return {
    signal,
    now: Date.now,
    print: (line) => console.log(line),
    async publish(events) {
      const { publisher, documents } = await kafka();
      if (documents) await putFaxPages(documents, events);
      await publisher.publish(events);
    },
    async follow(onRecord) {
      const { connection } = await kafka();
      const following = await Promise.all(
        FOLLOWED_TOPICS.map((topic) => followTopic(connection, topic, onRecord)),
      );
      if (!signal.aborted) await once(signal, 'abort');
      await Promise.all(following.map((one) => one.close()));
    },
    async close() {
      const open = await connected?.catch(() => undefined);
      await open?.publisher.close();
    },
  };
}

async function connect(
  environment: EnvironmentWith<'KAFKA_BROKERS'>,
  signal: AbortSignal,
): Promise<Connected> {
  const { LOG_LEVEL: level, KAFKA_BROKERS: brokers } = environment;
  // Standard output is for what was published.
  const log = createLogger({ app: 'switch', level, destination: process.stderr });
  const connection = { ...kafkaAccess(environment), clientId: 'denwa-notify-switch', log };
  // What a brand allows beyond these the notifier checks.
  const topics = { create: environment.KAFKA_CREATE_TOPICS, deadlines: DEFAULT_DEADLINES };
  const tooLate = AbortSignal.timeout(KAFKA_ANSWER_MS);
  const waiting = { signal: AbortSignal.any([signal, tooLate]), onFailure: () => undefined };
  try {
    await untilItWorks(() => ensureTopics(connection, topics), waiting);
  } catch (error) {
    if (!tooLate.aborted) throw error;
    throw new Error(`Kafka at ${brokers.join(', ')} did not answer within ${KAFKA_ANSWER_MS / 1000} s`, {
      cause: error,
    });
  }
  return { connection, publisher: createPublisher(connection), documents: openFaxDocuments(environment) };
}
