import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { loadEnvironment } from './load-environment.ts';
import { createLogger, nestLogger } from './logger.ts';
import { maskAddress, maskNumber, scrub } from './mask.ts';
import { secretsIn } from './secrets.ts';

function lines(write: (logger: ReturnType<typeof createLogger>) => void, level = 'info'): string[] {
  const written: string[] = [];
  write(
    createLogger({ app: 'test', level, destination: { write: (line: string) => void written.push(line) } }),
  );
  return written;
}

describe('the log', () => {
  it('is JSON, a line each, with its level by name and its time in ISO 8601', () => {
    const [line] = lines((logger) => logger.info({ topic: 'call-events' }, 'joined'));
    expect(JSON.parse(line!)).toEqual({
      app: 'test',
      level: 'info',
      pid: process.pid,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      topic: 'call-events',
      msg: 'joined',
    });
    expect(line).toMatch(/\n$/);
  });

  it('leaves out what is below its level', () => {
    expect(lines((logger) => logger.debug('x'))).toEqual([]);
    expect(lines((logger) => logger.debug('x'), 'debug')).toHaveLength(1);
  });

  it('O5 shows no code, link, address or full number, wherever it comes from', () => {
    const [line] = lines((logger) =>
      logger.error(
        {
          err: new Error('550 5.1.1 <taro.yamada@example.jp>: no such user'),
          secret: { code: '48213377' },
          mail: { sealed: 'v1.k.i.c.t', link: 'https://site.example/r/abc123' },
          number: '0312345678',
          caller: '+14155550100',
          url: 'see https://site.example/register/abc123?t=9',
        },
        'to taro.yamada@example.jp about 09012345678',
      ),
    );
    expect(() => JSON.parse(line!) as unknown).not.toThrow();
    for (const told of ['taro', '48213377', 'v1.k', 'abc123', '0312345678', '4155550100', '09012345678'])
      expect(line).not.toContain(told);
    expect(line).toContain('t***@example.jp');
    expect(line).toContain('******5678');
  });

  it('writes of an error its name, code, message, stack, cause and errors, and nothing that a client hung on it', () => {
    const command = { name: 'auth', args: ['default', 'pa55word'] };
    const refused = Object.assign(new Error('WRONGPASS invalid username-password pair'), { command });
    const wrapped = Object.assign(new AggregateError([refused], 'not connected', { cause: refused }), {
      code: 'EX',
      config: { auth: 'pa55word' },
    });
    const all = lines((logger) => {
      logger.warn({ err: wrapped }, 'failed');
      logger.warn(refused);
      logger.warn({ why: { deep: [wrapped] }, reason: refused });
      logger.child({ of: 'child' }).warn({ err: new Error('x', { cause: command }) });
    });
    expect(all.join('')).not.toContain('pa55word');
    const error = {
      type: 'Error',
      message: 'WRONGPASS invalid username-password pair',
      stack: expect.stringContaining('logger.spec') as string,
    };
    expect(JSON.parse(all[0]!)).toMatchObject({
      msg: 'failed',
      err: {
        type: 'AggregateError',
        code: 'EX',
        message: 'not connected',
        stack: expect.stringContaining('logger.spec') as string,
        cause: error,
        errors: [error],
      },
    });
    expect((JSON.parse(all[0]!) as { err: object }).err).not.toHaveProperty('config');
    expect(JSON.parse(all[1]!)).toMatchObject({ err: error });
    expect(JSON.parse(all[2]!)).toMatchObject({ why: { deep: [{ code: 'EX' }] }, reason: error });
    expect(JSON.parse(all[3]!)).toMatchObject({ of: 'child', err: { message: 'x', cause: 'object' } });
  });

  it('writes no more of an error that is bound to a child, put into a message, or spread into a field', () => {
    const command = { name: 'auth', args: ['default', 'pa55word'] };
    const refused = Object.assign(new Error('WRONGPASS invalid'), { command });
    const all = lines((logger) => {
      const child = logger.child({ err: refused }).child({ deep: { why: refused } });
      child.warn('bound');
      logger.warn('put in as %o', refused);
      logger.warn('put in as %j and %s', { refused }, refused);
      logger.warn({ topic: 'x' }, 'put in as %O', refused);
      const spread = Object.assign({}, refused);
      logger.warn(spread);
      logger.warn({ why: spread, more: { why: spread } });
    });
    expect(all).toHaveLength(6);
    expect(all.join('')).not.toContain('pa55word');
    expect(JSON.parse(all[0]!)).toMatchObject({
      err: { type: 'Error', message: 'WRONGPASS invalid' },
      deep: { why: { type: 'Error' } },
    });
    for (const line of all.slice(0, 4)) expect(line).toContain('WRONGPASS invalid');
  });

  it('writes of an instance of a class its name and nothing else', () => {
    class Client {
      readonly options = { password: 'pa55word', host: 'pa55word.example' };
    }
    const at = new Date(0);
    const [line, own] = lines((logger) => {
      logger.warn({ client: new Client(), list: [new Client()], bytes: Buffer.from('pa55word'), at });
      logger.warn(new Client());
    });
    expect(line! + own!).not.toMatch(/pa55word|cGE1|\b112,97,53/);
    expect(JSON.parse(line!)).toMatchObject({
      client: '[Client]',
      list: ['[Client]'],
      bytes: '[Buffer]',
      at: at.toISOString(),
    });
    expect(own).toContain('[Client]');
  });

  it('survives an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(lines((logger) => logger.warn({ err: error }))).toHaveLength(1);
  });

  it('shows nothing that its mask takes away, wherever it stands', () => {
    const written: string[] = [];
    const destination = { write: (line: string) => void written.push(line) };
    const mask = (line: string): string => line.replaceAll('pa55word', '***');
    const logger = createLogger({ app: 'test', level: 'info', mask, destination });
    logger.warn({ told: 'of pa55word', err: new Error('not pa55word') }, 'a pa55word');
    expect(() => JSON.parse(written[0]!) as unknown).not.toThrow();
    expect(written.join('').match(/\*\*\*/g)?.length).toBeGreaterThanOrEqual(3);
    expect(written.join('')).not.toContain('pa55word');
  });

  it('takes what Nest writes: its stories at debug, its errors with their stack', () => {
    const written = lines((logger) => {
      const nest = nestLogger(logger);
      nest.log('Mapped {/v1, GET} route', 'RouterExplorer');
      nest.error(new Error('broken'), 'ExceptionsHandler');
    }).map((line) => JSON.parse(line) as { level: string; context: string; err: { stack: string } });
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ level: 'error', context: 'ExceptionsHandler', reason: 'broken' });
    expect(written[0]?.err.stack).toContain('logger.spec');
  });
});

describe('the secrets of an environment', () => {
  it('are its passwords, tokens and keys, those in URLs too', () => {
    const key = Buffer.alloc(32, 9).toString('base64');
    const environment = loadEnvironment([], {
      REDIS_URL: 'redis://:redis%2Fpass@one:6379,redis://:redis%2Fpass@two:6379',
      HISTORY_REDIS_URL: 'redis://user:other-pass@three:6379',
      SMTP_URL: 'smtp://mailer:smtp%40pass@relay',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'kafka-user',
      KAFKA_SASL_PASSWORD: 'kafka-pass',
      SEAL_KEYS: `a:${key}`,
      SETTINGS_API_TOKENS: 'me:api-token,other:short',
    });
    const all = ['kafka-pass', 'redis/pass', 'redis/pass', 'other-pass', 'smtp@pass', key, 'api-token'];
    expect(secretsIn(environment)).toEqual(all);
  });

  it('are the password of a Redis behind sentinels, and that of the sentinels', () => {
    const environment = loadEnvironment([], {
      REDIS_URL: 'redis+sentinel://user:redis%2Fpass@one:1,two:2/main?sentinelPassword=watch%2Bpass',
    });
    expect(secretsIn(environment)).toEqual(['redis/pass', 'watch+pass']);
    const open = loadEnvironment([], { REDIS_URL: 'redis+sentinel://one:1,two:2/main' });
    expect(secretsIn(open)).toEqual([]);
  });
});

describe('masking', () => {
  it.each([
    ['0312345678', '******5678'],
    ['09012345678', '*******5678'],
    ['+14155550100', '********0100'],
    ['110', '***'],
  ])('maskNumber %s → %s', (number, masked) => expect(maskNumber(number)).toBe(masked));

  it.each([
    ['taro@example.jp', 't***@example.jp'],
    ['"a@b"@example.jp', '"***@example.jp'],
    ['@example.jp', '***'],
    ['nobody', '***'],
  ])('maskAddress %s → %s', (address, masked) => expect(maskAddress(address)).toBe(masked));

  it.each([
    ['redis://:pa55@redis:6379', 'redis://***@redis:6379'],
    ['smtps://mailer:a@b%21@relay.example:465', 'smtps://***@relay.example:465'],
  ])('scrub %s → %s', (url, masked) => expect(scrub(`to ${url}: refused`)).toBe(`to ${masked}: refused`));

  it.each([
    ['0312345678', '******5678'],
    ['09012345678', '*******5678'],
    ['01014155550100', '**********0100'],
    ['+14155550100', '********0100'],
    ['03-1234-5678', '********5678'],
    ['+81-3-1234-5678', '***********5678'],
  ])('scrub masks %s wherever it stands', (number, masked) => {
    for (const [before, after] of [
      ['', ''],
      ['"', '"'],
      ['number:', ':x'],
      ['{', '}'],
      ['to ', '.'],
      ['(', '), '],
    ])
      expect(scrub(`${before}${number}${after}`)).toBe(`${before}${masked}${after}`);
  });

  it('scrub masks a number within a name', () => {
    expect(scrub('event call-0312345678-17')).toBe('event call-******5678-17');
  });

  it.each([
    '5f0c1f3e-8f2b-4d57-9a54-012345678901',
    '2026-11-21T10:00:00.000+09:00',
    'offset 1763712345678',
    '127.0.0.1:9092',
    'https://site.example',
    'v0.1.0',
    'redis://redis:6379/0',
  ])('leaves %s as it is', (text) => expect(scrub(text)).toBe(text));
});

describe('a full disk under the log', () => {
  const full = existsSync('/dev/full') ? '/dev/full' : '/dev/null';

  it('stops nobody, not even who ends after a fatal line', () => {
    const code = `
      import { createLogger } from ${JSON.stringify(new URL('./logger.ts', import.meta.url).href)};
      const logger = createLogger({ app: 'test', level: 'info' });
      for (let line = 0; line < 20_000; line += 1) logger.info({ line }, 'x'.repeat(200));
      logger.fatal('the end');
      process.exit(3);`;
    const output = openSync(full, 'a');
    const { status, signal } = spawnSync(
      process.execPath,
      ['--conditions=source', '--input-type=module-typescript', '-e', code],
      { stdio: ['ignore', output, output], timeout: 20_000, killSignal: 'SIGKILL' },
    );
    closeSync(output);
    expect({ status, signal }).toEqual({ status: 3, signal: null });
  }, 30_000);
});
