import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitCodeOf } from '#platform';
import { checkDurability, checkHistoryServer, connectRedis } from '#redis';
import { REQUIRED as NOTIFIER } from '../../apps/notifier/src/notifier-environment.ts';
import { startNotifier } from '../../apps/notifier/src/start-notifier.ts';
import { REQUIRED as SETTINGS } from '../../apps/settings/src/settings-environment.ts';
import { startSettings } from '../../apps/settings/src/start-settings.ts';
import { REQUIRED as SITE } from '../../apps/site/src/site-environment.ts';
import { startSite } from '../../apps/site/src/start-site.ts';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { startServer, stopServer } from '../../tools/stack/server.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { planNodes, withRedisAt, type RedisNode } from '../support/redis-node.ts';
import { startSentinelSetup, type SentinelSetup } from '../support/redis-sentinel.ts';
import { testEnvironment, testLogger } from '../support/run-log.ts';
import { kafkaBrokers, smtpUrl } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

const PASSWORD = 'b1cycle-h0rn';
const LIMIT = 60_000;
const prefix = `${uniqueName('fit')}:`;
let plain: RedisNode;
let clustered: RedisNode;
let setup: SentinelSetup;

beforeAll(async () => {
  const installation = await installRedis(() => undefined);
  const folder = await mkdtemp(path.join(tmpdir(), 'misconfigured-'));
  closeLater(() => rm(folder, { recursive: true, force: true }));
  const planned = await planNodes(installation, folder, 2, async (index) => ({
    'cluster-enabled': index === 1 ? 'yes' : 'no',
  }));
  [plain, clustered] = planned as [RedisNode, RedisNode];
  closeLater(() => Promise.all(planned.map(({ plan }) => stopServer(plan.folder))));
  await Promise.all(planned.map(({ plan }) => startServer(plan)));
  setup = await startSentinelSetup(installation, path.join(folder, 'watched'));
  closeLater(() => setup.close());
  await withRedisAt(plain.port, async (redis) => {
    const user = (name: string, ...rules: string[]) =>
      redis.call('ACL', 'SETUSER', name, 'on', `>${PASSWORD}`, ...rules);
    await user('elsewhere', '~other:*', '+@all');
    await user('reader', '~*', '+@all', '-@write');
    await user('without-info', '~*', '+@all', '-info');
    await user('without-scripts', '~*', '+@all', '-@scripting');
    await user('without-lists', '~*', '+@all', '-@list');
    await user('without-time', '~*', '+@all', '-time');
    await user('without-scan', '~*', '+@all', '-scan');
    const [waitaof] = (await redis.call('COMMAND', 'INFO', 'waitaof')) as unknown[];
    for (const name of ['denwa', 'history']) {
      const rules = inRunbook(name).filter((rule) => waitaof || rule !== '+waitaof');
      await user(name, `~${prefix}*`, ...rules);
    }
  });
}, LIMIT);

/** The commands that the runbook grants this user. */
function inRunbook(user: string): string[] {
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  const [, rules = ''] = new RegExp(`^ACL SETUSER ${user} .*? (\\+.*)$`, 'm').exec(runbook) ?? [];
  return rules.split(' ');
}

const at = (port: number, access = ''): string => `redis://${access}127.0.0.1:${port}`;

const checks = {
  REDIS_URL: checkDurability,
  HISTORY_REDIS_URL: checkHistoryServer,
};
type Variable = keyof typeof checks;

async function check(variable: Variable, ...urls: string[]): Promise<void> {
  const redis = connectRedis({ urls, keyPrefix: prefix, variable });
  try {
    await redis.ready(20_000);
    await checks[variable](redis);
  } finally {
    await redis.close();
  }
}

/** As the problems of the environment are told: the variable, what is expected, and no secret. */
function expectProblem(
  error: unknown,
  code: string,
  expected: string,
  variable: Variable = 'REDIS_URL',
): void {
  expect(error).toMatchObject({ code, retryable: false });
  const { message } = error as Error;
  expect(message).toMatch(new RegExp(`^${variable}: the server there [^\n]*$`));
  expect(message).toContain(expected);
  expect(message).not.toContain(PASSWORD);
}

const refusal = (...urls: string[]): Promise<unknown> =>
  check('REDIS_URL', ...urls).catch((error: unknown) => error);

describe('a Redis that is another one than its URL says is refused:', () => {
  it.each<[string, () => string[], string]>([
    ['a database that it does not have', () => [`${at(plain.port)}/99`], 'expected a database that'],
    ['another password', () => [at(plain.port, `denwa:no-${PASSWORD}@`)], 'WRONGPASS'],
    ['an unknown user', () => [at(plain.port, `nobody:${PASSWORD}@`)], 'WRONGPASS'],
    ['a user of other keys', () => [at(plain.port, `elsewhere:${PASSWORD}@`)], 'a user who may use DEL, EX'],
    [
      'a user who may only read',
      () => [at(plain.port, `reader:${PASSWORD}@`)],
      'DEL, GETEX, HDEL, HSET, PEXPIRE, SET,',
    ],
    ['a user who may not ask the time', () => [at(plain.port, `without-time:${PASSWORD}@`)], 'may use TIME,'],
    ['a user who may not ask INFO', () => [at(plain.port, `without-info:${PASSWORD}@`)], 'may use INFO'],
    ['a user without scripts', () => [at(plain.port, `without-scripts:${PASSWORD}@`)], 'may use INFO, EVAL'],
    ['a replica', () => [at(setup.nodes[1]?.port ?? 0)], 'expected the master'],
    ['a sentinel', () => [at(setup.sentinelPorts[0] ?? 0)], 'redis+sentinel://…/name, since this'],
    ['one node of a cluster', () => [at(clustered.port)], 'several nodes separated by commas'],
    ['a database of a cluster', () => [`${at(clustered.port)}/1`], 'expected no database'],
    ['no cluster', () => [at(plain.port), at(setup.nodes[0]?.port ?? 0)], 'nodes of a Redis Cluster'],
    ['an unknown master', () => [setup.url.replace(/[^/]*$/, 'other')], 'a master that the sentinels know'],
    ['no sentinel', () => [`redis+sentinel://127.0.0.1:${plain.port}/denwa`], 'expected sentinels'],
  ])('%s', async (_, urls, expected) => {
    expectProblem(await refusal(...urls()), 'REDIS_MISCONFIGURED', expected);
  });

  it('a password that nobody gave, and one that would forget', async () => {
    const { port } = plain;
    await withRedisAt(port, async (redis) => {
      await redis.config('SET', 'appendonly', 'no');
      expectProblem(await refusal(at(port)), 'REDIS_UNSAFE', 'appendonly is no, expected yes');
      await redis.config('SET', 'appendonly', 'yes');
      await redis.config('SET', 'requirepass', PASSWORD);
      expectProblem(await refusal(at(port)), 'REDIS_MISCONFIGURED', 'NOAUTH');
      await redis.config('SET', 'requirepass', '');
    });
    await eventually(() => check('REDIS_URL', at(port)).then(() => true));
  });

  it('and not a user who may do just what is needed, nor the master that sentinels name', async () => {
    await check('REDIS_URL', at(plain.port, `denwa:${PASSWORD}@`));
    await check('REDIS_URL', setup.url);
  });
});

describe('a Redis that cannot keep the history is refused:', () => {
  it.each<[string, () => string, string]>([
    ['a database that it does not have', () => `${at(plain.port)}/99`, 'expected a database that'],
    ['a replica', () => at(setup.nodes[1]?.port ?? 0), 'expected the master'],
    [
      'a user without lists',
      () => at(plain.port, `without-lists:${PASSWORD}@`),
      'LINDEX, LPUSH, LRANGE, LSET,',
    ],
    ['a user who may not ask INFO', () => at(plain.port, `without-info:${PASSWORD}@`), 'may use INFO'],
    ['a user who may not look for keys', () => at(plain.port, `without-scan:${PASSWORD}@`), 'may use SCAN,'],
    ['a user of the settings alone', () => at(plain.port, `denwa:${PASSWORD}@`), 'may use EXPIRE, LINDEX,'],
  ])('%s', async (_, url, expected) => {
    const error = await check('HISTORY_REDIS_URL', url()).catch((reason: unknown) => reason);
    expectProblem(error, 'REDIS_MISCONFIGURED', expected, 'HISTORY_REDIS_URL');
  });

  it('and not a user who may do just what is needed, nor one that forgets and evicts', async () => {
    await check('HISTORY_REDIS_URL', at(plain.port, `history:${PASSWORD}@`));
    await withRedisAt(plain.port, async (redis) => {
      await redis.config('SET', 'appendonly', 'no');
      await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
      await check('HISTORY_REDIS_URL', at(plain.port));
      await redis.config('SET', 'maxmemory-policy', 'noeviction');
      await redis.config('SET', 'appendonly', 'yes');
    });
  });
});

describe('an app', () => {
  it.each([
    ['notifier', 'REDIS_URL', 'a user who may use DEL'],
    ['settings', 'REDIS_URL', 'a user who may use DEL'],
    ['site', 'REDIS_URL', 'a user who may use DEL'],
    ['settings', 'HISTORY_REDIS_URL', 'a user who may use EXPIRE'],
  ] as const)(
    '(%s) ends with exit code 78 when its user at %s may not write',
    async (app, variable, expected) => {
      const environment = {
        KAFKA_BROKERS: kafkaBrokers().join(','),
        KAFKA_TOPIC_PREFIX: `${prefix.replace(':', '.')}${app}.`,
        REDIS_URL: at(plain.port),
        [variable]: at(plain.port, `reader:${PASSWORD}@`),
        REDIS_KEY_PREFIX: prefix,
        SMTP_URL: smtpUrl(),
        SEAL_KEYS: `k:${Buffer.alloc(32, 5).toString('base64')}`,
        SETTINGS_API_TOKENS: 'test:bicycle-token',
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: '0',
      };
      const logger = testLogger({ app, level: 'error' });
      const error = await new Promise((resolve) => {
        const start = {
          notifier: () => startNotifier(testEnvironment(NOTIFIER, environment), logger, resolve),
          settings: () => startSettings(testEnvironment(SETTINGS, environment), logger, resolve),
          site: () => startSite(testEnvironment(SITE, environment), logger, resolve),
        };
        start[app]().then((started) => closeLater(() => started.close()), resolve);
      });
      expectProblem(error, 'REDIS_MISCONFIGURED', expected, variable);
      expect(exitCodeOf(error)).toBe(78);
    },
  );

  it('ends with exit code 1 by anything else', () => {
    expect(exitCodeOf(new Error('a bug'))).toBe(1);
    expect(exitCodeOf('thrown')).toBe(1);
    expect(exitCodeOf(Object.assign(new Error('away'), { retryable: true }))).toBe(1);
  });
});
