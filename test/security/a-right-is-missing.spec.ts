import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { TOPIC_NAMES } from '#events';
import { createPublisher, ensureTopics, readBacklogs, readTopic, type KafkaConnection } from '#kafka';
import { kafkaAccess } from '#platform';
import { checkDurability, connectRedis, PARTS_OF } from '#redis';
import { DEFAULT_DEADLINES } from '#rules';
import { runProgram } from '../../tools/stack/run-program.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { grantInKafka, OPERATIONS, rightsInKafka } from '../support/least-rights.ts';
import { withRedisAt } from '../support/redis-node.ts';
import { testEnvironment, testLogger } from '../support/run-log.ts';
import { startSecuredServers, trust, type User } from '../support/secured-servers.ts';
import { joinedNotifier } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 180_000;
const NAMES = { prefix: `${uniqueName('rights')}.`, groupId: uniqueName('rights') };
const servers = await startSecuredServers();
trust(servers.authority.cert);
const plain = `127.0.0.1:${servers.ports.kafkaPlain}`;
const admin = new Kafka({ brokers: [plain], logLevel: logLevel.NOTHING }).admin();
await admin.connect();
closeLater(() => admin.disconnect());

const note = (): void => undefined;
const log = { debug: note, info: note, warn: note, error: note };

/** Kafka as this user's programs reach it. */
function as(user: User, clientId = user.replace('denwa', 'denwa-notify')): KafkaConnection {
  const variables = { ...servers.variablesOf(user), KAFKA_TOPIC_PREFIX: NAMES.prefix };
  return { ...kafkaAccess(testEnvironment(['KAFKA_BROKERS'], variables)), clientId, log };
}

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it works',
    (error: Error) => error.message,
  );

async function publishAs(user: User, topic: string): Promise<string> {
  const publisher = createPublisher(as(user));
  const said = await messageOf(
    publisher.publish([{ topic, key: 'k', value: Buffer.from('{}'), headers: {} }]),
  );
  await publisher.close();
  return said;
}

it('ops/acl/kafka.sh asks Kafka’s own tool for what the tests are run with', async () => {
  const asked = path.join(servers.folder, 'asked');
  const tool = path.join(servers.folder, 'kafka-acls.sh');
  await writeFile(tool, `#!/bin/sh\necho "$@" >> ${asked}\n`, { mode: 0o755 });
  const env = {
    PATH: `${servers.folder}:${process.env['PATH']}`,
    KAFKA_BROKERS: plain,
    KAFKA_ADMIN_CONFIG: 'admin.properties',
    KAFKA_TOPIC_PREFIX: NAMES.prefix,
    KAFKA_GROUP_ID: NAMES.groupId,
  };
  await runProgram('sh', ['ops/acl/kafka.sh', '--create-topics'], { env });
  const calls = (await readFile(asked, 'utf8')).trim().split('\n');
  const head = `--bootstrap-server ${plain} --command-config admin.properties --add --allow-principal User:`;
  expect(calls.filter((call) => !call.startsWith(head))).toEqual([]);
  const named = (call: string, option: string): string[] =>
    [...call.matchAll(new RegExp(`--${option} (\\S+)`, 'g'))].map(([, name = '']) => name);
  const rights = calls.flatMap((call) => {
    const names = [
      ...named(call, 'topic'),
      ...named(call, 'group'),
      ...(call.endsWith(' --cluster') ? ['kafka-cluster'] : []),
    ];
    const [user] = named(call, 'allow-principal');
    return named(call, 'operation').flatMap((operation) =>
      names.map((name) => [user, operation, name].join(' ')),
    );
  });
  const operations = new Map(Object.entries(OPERATIONS).map(([name, operation]) => [operation, name]));
  const expected = rightsInKafka(NAMES).map(({ principal, operation, resourceName }) =>
    [principal, operations.get(operation), resourceName].join(' '),
  );
  expect(rights).toEqual(expected);
  expect(
    calls
      .filter((call) => call.includes('prefixed'))
      .every((call) => / --group denwa-notify-\w+-$/.test(call)),
  ).toBe(true);
});

describe('who may do what in Kafka', () => {
  beforeAll(async () => {
    await grantInKafka(plain, NAMES);
    await ensureTopics(as('denwa-notifier'), { create: true, deadlines: DEFAULT_DEADLINES });
  }, LIMIT);

  it.each<[User, string[]]>([
    ['denwa-site', ['access-mails', 'switch-commands', 'switch-settings']],
    ['denwa-switch', ['call-events', 'fax-events', 'fault-events']],
    ['denwa-voice', []],
    ['denwa-keda', []],
  ])('%s writes its own topics and no other', async (user, own) => {
    for (const topic of TOPIC_NAMES) {
      const refusal = `Kafka: TOPIC_AUTHORIZATION_FAILED, expected a user who may Write to ${NAMES.prefix}${topic}`;
      expect([topic, await publishAs(user, topic)]).toEqual([
        topic,
        own.includes(topic) ? 'it works' : refusal,
      ]);
    }
  });

  it.each<User>(['denwa-ops', 'denwa-settings'])('%s may run the operator’s commands', async (user) => {
    const read = (topic: string) => readTopic(as(user, 'denwa-notify-ops'), topic, () => undefined);
    for (const topic of ['notify-dlq', 'notify-outcomes']) {
      // A topic without records is read without a group.
      expect(await publishAs(topic === 'notify-dlq' ? user : 'denwa-notifier', topic)).toBe('it works');
      expect([topic, await messageOf(read(topic))]).toEqual([topic, 'it works']);
    }
  });

  it.each<[User, string, RegExp]>([
    ['denwa-site', 'call-events', /^Kafka: there is no topic .*may our user describe it/],
    [
      'denwa-site',
      'access-mails',
      /_AUTHORIZATION_FAILED, expected a user who may Read .*access-mails in groups/,
    ],
    ['denwa-voice', 'notify-outcomes', /^Kafka: there is no topic .*may our user describe it/],
    [
      'denwa-switch',
      'call-events',
      /_AUTHORIZATION_FAILED, expected a user who may Read .*call-events in groups/,
    ],
    ['denwa-ops', 'switch-settings', /^Kafka: there is no topic .*may our user describe it/],
  ])('%s does not read %s', async (user, topic, refusal) => {
    // A dead letter for them all, so that reading has something to read.
    const { sasl: _, ...open } = as('denwa-notifier');
    const publisher = createPublisher({ ...open, brokers: [plain], ssl: false });
    await publisher.publish([{ topic, key: 'k', value: Buffer.from('{}'), headers: {} }]);
    await publisher.close();
    expect(await messageOf(readTopic(as(user), topic, note))).toMatch(refusal);
  });

  it('denwa-keda sees how much waits in the lanes that it scales, and reads nothing', async () => {
    const groups = { main: ['call-events', 'fax-events', 'fault-events'], access: ['access-mails'] };
    const asked = Object.entries(groups).flatMap(([lane, topics]) =>
      topics.map((topic) => ({ topic, groupId: `${NAMES.groupId}-${lane}`, agesMs: [] })),
    );
    const { sasl: _, ...open } = as('denwa-notifier');
    const publisher = createPublisher({ ...open, brokers: [plain], ssl: false });
    await publisher.publish([{ topic: 'fault-events', key: 'k', value: Buffer.from('{}'), headers: {} }]);
    await publisher.close();
    const backlogs = await readBacklogs(as('denwa-keda'), asked, Date.now());
    expect(backlogs.find(({ topic }) => topic === 'fault-events')?.waiting).toBeGreaterThan(0);
    expect(await messageOf(readTopic(as('denwa-keda'), 'fault-events', note))).toMatch(
      /_AUTHORIZATION_FAILED/,
    );
    const retries = { topic: 'notify-retry-10s', groupId: `${NAMES.groupId}-retry`, agesMs: [] };
    expect(await messageOf(readBacklogs(as('denwa-keda'), [retries], Date.now()))).not.toBe('it works');
  });

  it("the operator's commands read dead letters as the settings API's user too, in whose container they run", async () => {
    expect(await messageOf(readTopic(as('denwa-settings', 'denwa-notify-ops'), 'notify-dlq', note))).toBe(
      'it works',
    );
  });

  const { GROUP, TOPIC } = AclResourceTypes;

  it.each<[string, number, string, string]>([
    ['group', GROUP, `${NAMES.groupId}-main`, `in group ${NAMES.groupId}-main`],
    ['topic to read', TOPIC, `${NAMES.prefix}fax-events`, `${NAMES.prefix}fax-events`],
  ])('a notifier without the right to a %s says so and ends', async (_, type, name, expected) => {
    await takeAway(type, name);
    const said = await messageOf(startLane());
    await grantInKafka(plain, NAMES);
    expect(said).toContain(expected);
    expect(said).toMatch(/expected a user who may|may not describe it/);
  });

  it('a notifier whose settings in Redis it may not read says so and ends', async () => {
    await withRedisAt(servers.ports.redisPlain, (redis) =>
      redis.call('ACL', 'SETUSER', 'denwa-notifier', 'resetkeys', '~*event:*', '~*faults:*', '~*probe*'),
    );
    expect(await messageOf(startLane())).toMatch(
      /^REDIS_URL: the server there does not fit, expected a user who may use GET on .*line:\*, GET on .*number:\*/,
    );
  });
});

/** Takes all rights to a topic or group from the notifier. */
async function takeAway(resourceType: AclResourceTypes, resourceName: string): Promise<void> {
  const filter = {
    resourceType,
    resourceName,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: 'User:denwa-notifier',
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ALLOW,
  };
  await admin.deleteAcls({ filters: [filter] });
  await eventually(async () => (await admin.describeAcls(filter)).resources.length === 0);
}

async function startLane(): Promise<void> {
  const logger = testLogger({ app: 'test', level: 'fatal', destination: { write: note } });
  await joinedNotifier(
    {
      ...servers.variablesOf('denwa-notifier'),
      KAFKA_TOPIC_PREFIX: NAMES.prefix,
      KAFKA_GROUP_ID: NAMES.groupId,
      KAFKA_CREATE_TOPICS: 'false',
      NOTIFY_LANES: 'main',
      REDIS_KEY_PREFIX: NAMES.prefix,
      SEAL_KEYS: `k:${Buffer.alloc(32, 5).toString('base64')}`,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
    },
    logger,
  );
}

/** What a program's user in Redis may do with a key of each kind. */
describe('who may do what in Redis', () => {
  const mayNot: readonly (readonly [User, string])[] = [
    ['denwa-notifier', 'SET number:{0312340001} x'],
    ['denwa-notifier', 'HGET access:{0312340001} account'],
    ['denwa-voice', 'SET event:{x} y'],
    ['denwa-voice', 'SET number:{0312340001} x'],
    ['denwa-voice', 'GET login:{x}'],
    ['denwa-site', 'GET event:{x}'],
    ['denwa-site', 'LPUSH history:{0312340001} x'],
    ['denwa-settings', 'SET call:{x} y'],
    ['denwa-settings', 'FLUSHALL'],
    ['denwa-ops', 'KEYS *'],
  ];

  it.each(mayNot)('%s may not %s', async (user, command) => {
    const [name = '', key, ...rest] = command.split(' ');
    const words = key === undefined ? [] : [NAMES.prefix + key, ...rest];
    const answer = await withRedisAt(servers.ports.redisPlain, (redis) =>
      redis.call('ACL', 'DRYRUN', user, name, ...words),
    );
    expect(String(answer)).toMatch(/has no permissions/);
  });

  it.each(['settings', 'site', 'voice', 'ops'] as const)('%s may do what it needs', async (program) => {
    const { REDIS_URL: urls } = testEnvironment(['REDIS_URL'], servers.variablesOf(`denwa-${program}`));
    const redis = connectRedis({ urls, keyPrefix: NAMES.prefix, parts: PARTS_OF[program] });
    closeLater(() => redis.close());
    await redis.ready(10_000);
    await checkDurability(redis);
  });
});
