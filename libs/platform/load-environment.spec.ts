import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { configurationPage } from './configuration-page.ts';
import { variables, type VariableName } from './environment-schema.ts';
import { kafkaAccess } from './kafka-access.ts';
import {
  EnvironmentError,
  exitOnBadEnvironment,
  loadEnvironment,
  requireUsable,
} from './load-environment.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

function problems(
  env: Record<string, string>,
  requires: VariableName[] = [],
  readFile?: (path: string) => string,
): readonly string[] {
  try {
    loadEnvironment(requires, env, readFile);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

describe('the environment', () => {
  it('has a default for everything that nobody has to say', () => {
    expect(loadEnvironment([], {})).toEqual({
      OTEL_BSP_EXPORT_TIMEOUT: 30_000,
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: 512,
      OTEL_BSP_MAX_QUEUE_SIZE: 2048,
      OTEL_BSP_SCHEDULE_DELAY: 5_000,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_SDK_DISABLED: false,
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      OTEL_TRACES_SAMPLER_ARG: 1,
      KAFKA_TOPIC_PREFIX: '',
      KAFKA_CREATE_TOPICS: true,
      KAFKA_GROUP_ID: 'denwa-notify',
      KAFKA_SSL: false,
      REDIS_KEY_PREFIX: 'denwa-notify:',
      SMTP_CONNECTIONS: 20,
      SMTP_GREETING_SECONDS: 300,
      SMTP_COMMAND_SECONDS: 300,
      SMTP_DATA_SECONDS: 600,
      NOTIFY_LANES: ['access', 'main', 'retry'],
      HTTP_HOST: '0.0.0.0',
      HTTP_PORT: 3000,
      LOG_LEVEL: 'info',
      LOGIN_WAITS: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000],
      LOGIN_TRIES_PER_SOURCE: 100,
    });
  });

  it('is read into values for the site', () => {
    const environment = loadEnvironment([], {
      SITE_URL: 'http://127.0.0.1:3000/',
      SITE_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.1',
      LOGIN_WAITS: '0',
      LOGIN_TRIES_PER_SOURCE: '0',
      VOICE_TOKENS: 'media:secret',
    });
    expect(environment).toMatchObject({
      SITE_URL: 'http://127.0.0.1:3000',
      SITE_TRUSTED_PROXIES: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
      LOGIN_WAITS: [],
      LOGIN_TRIES_PER_SOURCE: 0,
      VOICE_TOKENS: [{ name: 'media', token: 'secret' }],
    });
    expect(loadEnvironment([], { LOGIN_WAITS: '0,3' }).LOGIN_WAITS).toEqual([0, 3_000]);
  });

  it('is read into values', () => {
    const environment = loadEnvironment(
      ['KAFKA_BROKERS', 'REDIS_URL', 'SMTP_URL', 'SEAL_KEYS', 'SETTINGS_API_TOKENS'],
      {
        KAFKA_BROKERS: 'a:9092, [::1]:9093',
        KAFKA_SSL: 'true',
        KAFKA_SASL_MECHANISM: 'scram-sha-512',
        KAFKA_SASL_USERNAME: 'notify',
        KAFKA_SASL_PASSWORD: 'p',
        REDIS_URL: 'rediss://user:pa%20ss@a:1,rediss://user:pa%20ss@b/0',
        SMTP_URL: 'smtp://u%40x:p%2Fw@relay.example?requireTLS=true',
        SMTP_CONNECTIONS: '7',
        NOTIFY_LANES: 'retry, access',
        SEAL_KEYS: `new:${KEY},old_1:${Buffer.alloc(32).toString('base64')}`,
        SETTINGS_API_TOKENS: 'site:abc:def,other:xyz',
        HTTP_PORT: '0',
      },
    );
    expect(environment).toMatchObject({
      KAFKA_BROKERS: ['a:9092', '[::1]:9093'],
      KAFKA_SSL: true,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      REDIS_URL: ['rediss://user:pa%20ss@a:1', 'rediss://user:pa%20ss@b/0'],
      SMTP_URL: {
        host: 'relay.example',
        port: 25,
        secure: false,
        requireTLS: true,
        auth: { user: 'u@x', password: 'p/w' },
      },
      SMTP_CONNECTIONS: 7,
      NOTIFY_LANES: ['retry', 'access'],
      SEAL_KEYS: [
        { id: 'new', key: Buffer.alloc(32, 7) },
        { id: 'old_1', key: Buffer.alloc(32) },
      ],
      SETTINGS_API_TOKENS: [
        { name: 'site', token: 'abc:def' },
        { name: 'other', token: 'xyz' },
      ],
      HTTP_PORT: 0,
    });
    expect(loadEnvironment([], { SMTP_URL: 'smtps://[::1]' }).SMTP_URL).toEqual({
      host: '::1',
      port: 465,
      secure: true,
      requireTLS: false,
    });
  });

  it('says in one piece how Kafka is reached', () => {
    const env = { KAFKA_BROKERS: 'a:9092', KAFKA_TOPIC_PREFIX: 'x.' };
    const access = { brokers: ['a:9092'], ssl: false, topicPrefix: 'x.' };
    const sasl = { mechanism: 'plain', username: 'u', password: 'p' };
    expect(kafkaAccess(loadEnvironment(['KAFKA_BROKERS'], env))).toEqual(access);
    const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(kafkaAccess(loadEnvironment(['KAFKA_BROKERS'], { ...env, ...login }))).toEqual({
      ...access,
      sasl,
    });
  });

  it.each([
    'redis+sentinel://user:pa%20ss@a:26379,b:26380,[::1]:26381/main',
    'rediss+sentinel://a,b/main?sentinelUsername=watch&sentinelPassword=pa%2Bss',
  ])('takes %s as one URL', (url) => {
    expect(loadEnvironment(['REDIS_URL'], { REDIS_URL: url }).REDIS_URL).toEqual([url]);
  });

  it.each([
    ['KAFKA_BROKERS', 'localhost'],
    ['KAFKA_BROKERS', 'a:9092,'],
    ['KAFKA_BROKERS', 'a:70000'],
    ['KAFKA_TOPIC_PREFIX', 'a b'],
    ['KAFKA_CREATE_TOPICS', 'yes'],
    ['KAFKA_SSL', 'TRUE'],
    ['REDIS_KEY_PREFIX', '{x}'],
    ['SMTP_CONNECTIONS', '0'],
    ['SMTP_CONNECTIONS', '1e2'],
    ['SMTP_GREETING_SECONDS', '0'],
    ['SMTP_COMMAND_SECONDS', '3601'],
    ['SMTP_DATA_SECONDS', '1.5'],
    ['NOTIFY_LANES', 'main,history'],
    ['NOTIFY_LANES', 'main,main'],
    ['HTTP_PORT', '65536'],
    ['HTTP_PORT', '-1'],
    ['LOG_LEVEL', 'verbose'],
    ['SITE_URL', 'hikari.example.jp'],
    ['SITE_URL', 'ftp://hikari.example.jp'],
    ['SITE_URL', 'https://hikari.example.jp/site'],
    ['SITE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['SITE_TRUSTED_PROXIES', '10.0.0'],
    ['SITE_TRUSTED_PROXIES', '2001:db8::/32/1'],
    ['LOGIN_WAITS', '1,2,x'],
    ['LOGIN_WAITS', '-1'],
    ['LOGIN_WAITS', '86401'],
    ['LOGIN_TRIES_PER_SOURCE', '1.5'],
  ])('names %s, what it holds (%s) and what is expected', (name, value) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name}: holds ".*", expected .+`));
    expect(found[0]).toContain(JSON.stringify(value));
  });

  it.each([
    ['REDIS_URL', 'http://hunter2@a'],
    ['HISTORY_REDIS_URL', 'http://hunter2@a'],
    ['REDIS_URL', 'redis://:hunter2@a/path'],
    ['REDIS_URL', 'redis://:hunter2%@a'],
    ['REDIS_URL', 'redis://a,redis://a#hunter2,redis://a'],
    ['REDIS_URL', 'redis://:hunter2@a/1,redis://b'],
    ['REDIS_URL', 'redis://:hunter2@a,rediss://:hunter2@b'],
    ['REDIS_URL', 'redis://a,redis://user:hunter2@b'],
    ['REDIS_URL', 'redis://user:hunter2@a,redis://user:hunter22@b'],
    ['HISTORY_REDIS_URL', 'redis://user:hunter2@a,redis://other:hunter2@b'],
    ['REDIS_URL', 'redis+sentinel://:hunter2@a:1,b:2'],
    ['REDIS_URL', 'redis+sentinel://:hunter2@a:1,b:x/main'],
    ['REDIS_URL', 'redis+sentinel://:hunter2%@a/main'],
    ['REDIS_URL', 'redis+sentinel://a/main?password=hunter2'],
    ['REDIS_URL', 'redis+sentinel://a/main?sentinelUsername=hunter2'],
    ['REDIS_URL', 'redis+sentinel://a/main,redis://:hunter2@b'],
    ['SMTP_URL', 'smtp://user:hunter2@'],
    ['SMTP_URL', 'smtp://hunter2@a'],
    ['SMTP_URL', 'smtp://user:hunter2@a?requireTls=true'],
    ['SMTP_URL', 'smtp://user:hunter2@a?requireTLS=maybe'],
    ['SMTP_URL', 'hunter2'],
    ['SEAL_KEYS', 'k1:hunter2'],
    ['SEAL_KEYS', `hunter2 !:${KEY}`],
    ['SEAL_KEYS', `hunter2:${KEY},hunter2:${KEY}`],
    ['SETTINGS_API_TOKENS', 'hunter2'],
    ['SETTINGS_API_TOKENS', 'a:hunter2,b:hunter2'],
    ['SETTINGS_API_TOKENS', 'a:hunter2 '.repeat(2)],
    ['VOICE_TOKENS', 'hunter2'],
  ])('never shows what %s holds (%s)', (name, value) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name}: holds a secret, not shown here, expected .+`));
    expect(found.join()).not.toContain('hunter2');
  });

  it.each([
    ['rediss://a,redis://b', 'redis:// behind rediss://'],
    ['redis://a,redis://u:p@b', 'another user or password than item 1'],
  ])('says which of the nodes in %s does not fit the first', (value, why) => {
    expect(problems({ REDIS_URL: value })).toEqual([expect.stringMatching(`item 2 .*${why}`)]);
  });

  it('collects all problems at once, a line for each variable', () => {
    const found = problems(
      { HTTP_PORT: 'x', LOG_LEVEL: 'y', KAFKA_SASL_USERNAME: 'me', REDIS_ULR: 'redis://a' },
      ['KAFKA_BROKERS', 'REDIS_URL'],
    );
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'REDIS_ULR',
      'KAFKA_BROKERS',
      'KAFKA_SASL_MECHANISM',
      'KAFKA_SASL_PASSWORD',
      'REDIS_URL',
      'HTTP_PORT',
      'LOG_LEVEL',
    ]);
    expect(found[1]).toBe('KAFKA_BROKERS: is not set, expected host:port, several separated by commas');
  });

  it('takes a secret from a file', () => {
    const files: Record<string, string> = { '/run/redis': 'redis://a\n' };
    const read = (path: string): string => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(), { code: 'ENOENT' });
      return text;
    };
    expect(
      loadEnvironment(['REDIS_URL'], { REDIS_URL_FILE: '/run/redis', REDIS_URL: '' }, read).REDIS_URL,
    ).toEqual(['redis://a']);
    expect(problems({ REDIS_URL_FILE: '/run/redis', REDIS_URL: 'redis://b' }, ['REDIS_URL'], read)).toEqual([
      'REDIS_URL_FILE: holds "/run/redis", expected nothing, since REDIS_URL is set too',
    ]);
    expect(problems({ SEAL_KEYS_FILE: '/run/none' }, ['SEAL_KEYS'], read)).toEqual([
      'SEAL_KEYS_FILE: holds "/run/none", expected a file to read (ENOENT)',
    ]);
    for (const name of ['SMTP_URL', 'SETTINGS_API_TOKENS', 'KAFKA_SASL_PASSWORD'])
      expect(problems({ [`${name}_FILE`]: '/run/none' }, [], read)[0]).toContain('ENOENT');
    expect(problems({ LOG_LEVEL_FILE: '/run/none' }, [], read)).toEqual([]);
  });

  it.each([
    'KAFKA_BROKER',
    'KAFKA_BRKRS',
    'REDIS_ULR',
    'SMTP_URI',
    'LOGLEVEL',
    'HTTP_PROT',
    'KAFKA_SLL',
    'REDIS_URL_FIEL',
  ])('takes %s for a typing mistake', (name) =>
    expect(problems({ [name]: 'x' })[0]).toMatch(/^\w+: is not a variable .* did you mean [A-Z_]+\?$/),
  );

  it.each([
    ['KAFKA_BRKS', 'three letters off'],
    ['HTTP_PROXY', 'http://proxy:3128'],
    ['HTTPS_PROXY', 'http://proxy:3128'],
    ['REDIS_SERVICE_HOST', '10.0.0.1'],
    ['REDIS_SERVICE_PORT', '6379'],
    ['REDIS_PORT', 'tcp://10.0.0.1:6379'],
    ['SMTP_PORT', 'tcp://10.0.0.1:25'],
    ['SMTP_PORT_25_TCP', 'tcp://10.0.0.1:25'],
    ['NOTIFY_SOCKET', '/run/systemd/notify'],
    ['NODE_ENV', 'production'],
    ['INBOX_URL', 'http://127.0.0.1:1080'],
  ])('leaves %s to others', (name, value) => expect(problems({ [name]: value })).toEqual([]));

  it('takes every name one letter off for a typing mistake', () => {
    const names = variables.map(({ name }) => name as string);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.constantFrom('', 'Q'), (name, at, put) => {
        const typo = name.slice(0, at % name.length) + put + name.slice((at % name.length) + 1);
        fc.pre(typo !== name);
        expect(problems({ [typo]: 'x' })).toHaveLength(1);
      }),
    );
  });

  it('ends the process with exit code 78 and a line for each problem', () => {
    const program = `import { exitOnBadEnvironment, loadEnvironment } from '#platform';
      exitOnBadEnvironment(() => loadEnvironment(['KAFKA_BROKERS', 'REDIS_URL']));`;
    const run = spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], {
      env: { LOG_LEVEL: 'loud', REDIS_URL: 'http://:hunter2@a' },
      encoding: 'utf8',
    });
    expect(run.status).toBe(78);
    expect(run.stdout).toBe('');
    expect(
      run.stderr
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['KAFKA_BROKERS', 'REDIS_URL', 'LOG_LEVEL']);
    expect(run.stderr).not.toContain('hunter2');
  });

  it('names the variable whose folder or file an app cannot use', () => {
    const unusable = (): never => {
      throw new Error('a.yaml:3: site: wrong\na.yaml:9: mail: missing');
    };
    expect(() => requireUsable('NOTIFY_BRANDS_DIR', '/brands', unusable)).toThrow(
      new EnvironmentError([
        'NOTIFY_BRANDS_DIR: holds "/brands", expected the path of a folder with a YAML file for each brand ' +
          '(a.yaml:3: site: wrong; a.yaml:9: mail: missing)',
      ]),
    );
    expect(() => requireUsable('NOTIFY_BRANDS_DIR', undefined, unusable)).not.toThrow();
  });

  it('lets the error of a bug pass', () => {
    expect(() =>
      exitOnBadEnvironment(() => {
        throw new TypeError('a bug');
      }),
    ).toThrow('a bug');
  });

  it('is documented in docs/configuration.md as it is (npm run docs)', () => {
    expect(readFileSync('docs/configuration.md', 'utf8')).toBe(configurationPage());
  });

  it('takes a SASL mechanism in the capitals that Kafka writes it in', () => {
    const env = {
      KAFKA_BROKERS: 'b:9092',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
    };
    expect(loadEnvironment(['KAFKA_BROKERS'], env).KAFKA_SASL_MECHANISM).toBe('scram-sha-512');
  });
});
