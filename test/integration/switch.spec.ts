import { SOURCE_TOPICS, decode, type RawRecord } from '#events';
import { createPublisher, createSwitchCommands, followTopic } from '#kafka';
import { kafkaAccess } from '#platform';
import { createKafkaPort } from '../../apps/switch/src/kafka-port.ts';
import { createProgram } from '../../apps/switch/src/program.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testAdmin } from '../support/kafka.ts';
import { testEnvironment, testLogger } from '../support/run-log.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

const prefix = `${uniqueName('switch')}.`;
const environment = testEnvironment(['KAFKA_BROKERS'], {
  KAFKA_BROKERS: kafkaBrokers().join(','),
  KAFKA_TOPIC_PREFIX: prefix,
  LOG_LEVEL: 'error',
});
const log = testLogger({ app: 'test', level: 'error' });
const connection = { ...kafkaAccess(environment), clientId: prefix, log };

describe('the simulated switch on a real Kafka', () => {
  const stop = new AbortController();
  const kafka = createKafkaPort(() => environment, stop.signal);
  const printed: string[] = [];
  const port = { ...kafka, print: (line: string): void => void printed.push(line) };
  const records: RawRecord[] = [];

  beforeAll(async () => {
    const admin = await testAdmin();
    closeLater(async () => {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
      await admin.deleteTopics({ topics });
    });
    closeLater(() => kafka.close());
    // The first command provides the topics.
    await createProgram(port).parseAsync(['call', '--called-number', '0312345678', '--id', 'c'], {
      from: 'user',
    });
    for (const topic of SOURCE_TOPICS) {
      const following = await followTopic(connection, topic, (record) => void records.push(record));
      closeLater(() => following.close());
    }
  });

  const arrived = (count: number): Promise<unknown> => eventually(() => records.length >= count);

  it('publishes what the notifier can read, keyed by the line number', async () => {
    await createProgram(port).parseAsync(['fault', '--line-number', '0312345678', '--fault-id', 'f'], {
      from: 'user',
    });
    await arrived(2);
    expect(records.map((record) => [record.topic, record.key?.toString(), decode(record).ok])).toEqual(
      expect.arrayContaining([
        ['call-events', '0312345678', true],
        ['fault-events', '0312345678', true],
      ]),
    );
    expect(printed).toContain('call.v1 c → call-events, key 0312345678');
  });

  it('publishes a load that ends by itself, every call of it once', async () => {
    await createProgram(port).parseAsync('load --rate 1000 --seconds 0.5 --numbers 20'.split(' '), {
      from: 'user',
    });
    await arrived(502);
    const ids = records.map((record) => {
      const result = decode(record);
      return result.ok && result.event.id;
    });
    expect(new Set(ids).size).toBe(502);
    expect(records).toHaveLength(502);
  });

  it('R3 takes the commands of the notifier until it is stopped', async () => {
    const publisher = createPublisher(connection);
    closeLater(() => publisher.close());
    const command = { id: 'b', lineNumber: '0312345678', action: 'start', because: 'f', at: 0 } as const;
    await createSwitchCommands(publisher, '/notifier').bulkTransfer(command);
    const listening = createProgram(port).parseAsync(['listen'], { from: 'user' });
    const line = '1970-01-01T09:00:00+09:00 start bulk transfer of 0312345678 because of f';
    await eventually(() => printed.includes(line));
    stop.abort();
    await listening;
    expect(printed.filter((one) => one === line)).toHaveLength(1);
  });
});
