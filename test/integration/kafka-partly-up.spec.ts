import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { ensureTopics, type KafkaConnection } from '#kafka';
import { DEFAULT_DEADLINES } from '#rules';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { installKafka } from '../../tools/stack/install-kafka.ts';
import { kafkaCluster } from '../../tools/stack/kafka-server.ts';
import { startServer, stopServer, type ServerPlan } from '../../tools/stack/server.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';

const LIMIT_MS = 240_000;
const CREATE = { create: true, deadlines: DEFAULT_DEADLINES };

/** Three brokers, none of which runs yet, and a connection that names the first alone, as a bootstrap alias would. */
async function planThree(): Promise<{ brokers: readonly ServerPlan[]; connection: KafkaConnection }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'partly-up-'));
  const ports = await freePorts(6);
  const nodes = [1, 2, 3].map((id) => ({
    id,
    folder: path.join(folder, `kafka-${id}`),
    port: ports[2 * id - 2] ?? 0,
    controllerPort: ports[2 * id - 1] ?? 0,
  }));
  const brokers = kafkaCluster(await installKafka(() => undefined), nodes);
  closeLater(async () => {
    await Promise.all(brokers.map((plan) => stopServer(plan.folder)));
    await rm(folder, { recursive: true, force: true });
  });
  const note = (): void => {};
  const log = { debug: note, info: note, warn: note, error: note };
  const first = `127.0.0.1:${nodes[0]?.port}`;
  return {
    brokers,
    connection: { brokers: [first], clientId: 'partly-up', ssl: false, topicPrefix: '', log },
  };
}

async function adminOf({ brokers }: KafkaConnection): Promise<Admin> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  closeLater(() => admin.disconnect());
  return admin;
}

describe('ensureTopics on a new cluster of three of which two run', () => {
  it(
    'waits for the third, and creates topics that every later start accepts',
    async () => {
      const { brokers, connection } = await planThree();
      const [first, second, third] = brokers as [ServerPlan, ServerPlan, ServerPlan];
      await Promise.all([startServer(first), startServer(second)]);
      const admin = await adminOf(connection);
      const alive = async (): Promise<number> => (await admin.describeCluster()).brokers.length;
      await eventually(async () => (await alive()) === 2, LIMIT_MS);
      await expect(ensureTopics(connection, CREATE)).rejects.toMatchObject({
        retryable: true,
        message: expect.stringMatching(/^Kafka: 2 of 3 brokers answer/),
      });
      expect(await admin.listTopics()).toEqual([]);
      await startServer(third);
      await eventually(async () => (await alive()) === 3, LIMIT_MS);
      await ensureTopics(connection, CREATE);
      const { topics } = await admin.fetchTopicMetadata({ topics: ['call-events'] });
      expect(topics[0]?.partitions.map(({ replicas }) => replicas.length)).toEqual(Array(12).fill(3));
      await stopServer(third.folder);
      await eventually(async () => (await alive()) === 2, LIMIT_MS);
      await ensureTopics(connection, CREATE);
    },
    2 * LIMIT_MS,
  );
});
