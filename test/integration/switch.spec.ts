import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SOURCE_TOPICS, decode, encodeEvent, encodeTombstone, type EventData, type RawRecord } from '#events';
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
const faxes = await mkdtemp(path.join(tmpdir(), 'faxes-'));
closeLater(() => rm(faxes, { recursive: true, force: true }));
const environment = testEnvironment(['KAFKA_BROKERS'], {
  KAFKA_BROKERS: kafkaBrokers().join(','),
  KAFKA_TOPIC_PREFIX: prefix,
  FAX_DOCUMENTS_URL: pathToFileURL(faxes).href,
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

  it('F2 puts a page for a FAX where the site looks for it, before it tells of the FAX', async () => {
    const fax = ['fax', '--called-number', '0312345678', '--sender', '0698765432', '--document-id', 'f-1'];
    await createProgram(port).parseAsync(fax, { from: 'user' });
    const pdf = await readFile(path.join(faxes, 'f-1.pdf'), 'latin1');
    expect(pdf).toMatch(/^%PDF-1\.4\n/);
    expect(pdf).toContain('From: 0698765432');
    await expect(
      createProgram(port).parseAsync([...fax.slice(0, -1), '../f-2'], { from: 'user' }),
    ).rejects.toThrow('No FAX document can have this id');
    expect(printed.filter((line) => line.startsWith('fax.v1'))).toHaveLength(1);
  });

  it('R3 V3 V5 takes commands and settings until it is stopped', async () => {
    const publisher = createPublisher(connection);
    closeLater(() => publisher.close());
    const command = { id: 'b', lineNumber: '0312345678', action: 'start', because: 'f', at: 0 } as const;
    await createSwitchCommands(publisher, '/notifier').bulkTransfer(command);
    const warp = {
      number: '0312345679',
      enabled: true,
      condition: 'busy',
      destinations: ['09012345678', null, null, null],
      destination: 1,
      select: { mode: 'off', callers: [] },
    } satisfies EventData<'voice-warp.v1'>;
    const about = { type: 'voice-warp.v1', source: '/site', time: 0, key: '0312345679' } as const;
    await publisher.publish([
      encodeEvent({ ...about, id: 'w', sequence: 1, data: warp }),
      encodeTombstone({ ...about, id: 'x', sequence: 2 }),
    ]);
    const listening = createProgram(port).parseAsync(['listen'], { from: 'user' });
    const line = '1970-01-01T09:00:00+09:00 start bulk transfer of 0312345678 because of f';
    const settings = [
      'Voice Warp of 0312345679: on, busy to 09012345678',
      'Voice Warp of 0312345679: removed',
    ];
    await eventually(() => [line, ...settings].every((one) => printed.includes(one)));
    stop.abort();
    await listening;
    expect(printed.filter((one) => one === line)).toHaveLength(1);
    expect(printed.filter((one) => one.startsWith('Voice Warp'))).toEqual(settings);
  });
});
