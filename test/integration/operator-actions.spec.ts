import { randomInt, randomUUID } from 'node:crypto';
import { decodeOperatorAction, type RecordedAction } from '#events';
import { readTopic, type KafkaConnection } from '#kafka';
import { eventually } from '../support/eventually.ts';
import { closeLater } from '../support/close-later.ts';
import { testAdmin } from '../support/kafka.ts';
import { testLogger } from '../support/run-log.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { someNumber, startSettingsApi, startUnready, type TestSettingsApi } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';
import { openProxy } from './redis-proxy.ts';

const LIMIT = 120_000;
const LINE = { brand: 'ntt-east', numbers: [], contractor: 'x' };

interface Kept {
  readonly actions: readonly RecordedAction[];
  /** Every byte of the topic. */
  readonly text: string;
}

/** What Kafka has of what operators did by this API. */
async function kept({ prefix }: Pick<TestSettingsApi, 'prefix'>): Promise<Kept> {
  const log = testLogger({ app: 'test', level: 'error' });
  const connection: KafkaConnection = {
    brokers: kafkaBrokers(),
    clientId: uniqueName('actions'),
    ssl: false,
    topicPrefix: prefix,
    log,
  };
  const actions: RecordedAction[] = [];
  let text = '';
  await readTopic(connection, 'operator-actions', (record) => {
    text += `${JSON.stringify(record.headers)}${String(record.key)}${String(record.value)}\n`;
    const read = decodeOperatorAction(record);
    if (read.ok) actions.push(read.value);
  });
  return { actions, text };
}

/** Eight digits that A2 takes for any number of these tests. */
const temporaryPassword = (): string => `9${randomInt(1_000_000)}`.padEnd(7, '5') + '2';

describe('O6 what operators do', () => {
  it(
    'is in Kafka, each kind of it, and no secret and no address with it',
    async () => {
      const api = await startSettingsApi();
      const line = someNumber();
      const phone = `050${line.slice(2)}`.slice(0, 11);
      const id = `u-${randomInt(1e9)}`;
      const address = `taro-${randomInt(1e9)}@example.jp`;
      const [secret, temporary, self] = [
        `Kaede${randomInt(1e5)}a1`,
        temporaryPassword(),
        `Momiji${randomInt(1e5)}b2`,
      ];
      const recipients = [{ address, enabled: true }];
      const at = `/v1/numbers/${line}`;
      const requests: readonly [string, 'put' | 'post' | 'delete', string, object?][] = [
        ['put-line', 'put', `/v1/lines/${line}`, { ...LINE, contractor: `${secret} Inc.` }],
        [
          'put-call-notice',
          'put',
          `${at}/call-notice`,
          { enabled: true, targetCallersOnly: false, unansweredOnly: false, recipients, targetCallers: [] },
        ],
        ['put-fax-notice', 'put', `${at}/fax-notice`, { enabled: true, recipients }],
        [
          'put-screening',
          'put',
          `${at}/screening`,
          { nuisanceCallers: ['09087654321'], numberRequest: true },
        ],
        ['put-voice-warp', 'put', `${at}/voice-warp`, {}],
        ['put-fault-notice', 'put', `/v1/lines/${line}/fault-notice`, {}],
        ['put-bulk-transfer', 'put', `/v1/lines/${line}/bulk-transfer`, {}],
        ['test-mail', 'post', `${at}/test-mail`, { address }],
        ['temporary-password', 'post', `${at}/temporary-password`, { unit: 'line', password: temporary }],
        ['end-sessions', 'post', `${at}/access/end-sessions`],
        ['invalidate-password', 'post', `${at}/access/invalidate-password`],
        ['reset-one-time-password', 'post', `${at}/access/reset-one-time-password`],
        [
          'put-ip-phone-password',
          'put',
          `/v1/numbers/${phone}/ip-phone-password`,
          { password: secret.slice(0, 8) },
        ],
        [
          'put-self-care',
          'put',
          `/v1/self-care/${id}`,
          { password: self, address, service: 'ip-phone', numbers: [] },
        ],
        ['delete-self-care', 'delete', `/v1/self-care/${id}`],
        ['delete-line', 'delete', `/v1/lines/${line}`],
      ];
      const statuses = new Map<string, number>();
      for (const [action, method, path, document] of requests) {
        const asked = api.ask(method, path);
        statuses.set(action, (await (document ? asked.send(document) : asked)).status);
      }
      const found = await eventually(async () => {
        const now = await kept(api);
        return now.actions.length >= requests.length ? now : undefined;
      }, LIMIT);
      expect(found.actions.map(({ action }) => action).toSorted()).toEqual(
        requests.map(([action]) => action).toSorted(),
      );
      for (const { action, by, door, address: from, result, subject } of found.actions) {
        expect([action, by, door, from?.includes('127.0.0.1')]).toEqual([action, 'tests', 'api', true]);
        expect([action, result]).toEqual([action, (statuses.get(action) ?? 0) < 300 ? 'done' : 'refused']);
        expect([line, phone, id]).toContain(subject);
      }
      expect([statuses.get('put-line'), statuses.get('temporary-password')]).toEqual([201, 204]);
      for (const told of [secret, temporary, self, address, secret.slice(0, 8), '09087654321'])
        expect(found.text).not.toContain(told);
    },
    LIMIT,
  );

  it(
    'while Kafka is away goes on, and is in Kafka when that is back',
    async () => {
      const proxy = await openProxy(`kafka://${kafkaBrokers()[0]}`);
      await proxy.down();
      const api = await startUnready(`${uniqueName('settings')}.`, {
        KAFKA_BROKERS: new URL(proxy.url).host,
        KAFKA_CREATE_TOPICS: 'true',
      });
      const line = someNumber();
      await eventually(
        async () => (await api.ask('put', `/v1/lines/${line}`).send(LINE)).status < 300,
        LIMIT,
      );
      const id = randomUUID().slice(0, 8);
      expect((await api.ask('delete', `/v1/self-care/${id}`)).status).toBe(404);
      await proxy.up();
      const admin = await testAdmin();
      closeLater(async () => {
        const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(api.prefix));
        await admin.deleteTopics({ topics });
      });
      await eventually(async () => (await api.ask('get', '/readyz')).status === 200, LIMIT);
      const of = (actions: readonly RecordedAction[], subject: string) =>
        actions.find((one) => one.subject === subject && one.result !== 'unknown');
      const found = await eventually(async () => {
        const { actions } = await kept(api);
        return of(actions, line) && of(actions, id) ? actions : undefined;
      }, LIMIT);
      expect(of(found, line)).toMatchObject({ action: 'put-line', result: 'done' });
      expect(of(found, id)).toMatchObject({ result: 'refused', code: 'unknown-self-care-id' });
    },
    LIMIT,
  );
});
