import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import type { CallStore, DialledPassword, Unit } from '#access';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createLogger, createRegistry } from '#platform';
import { RedisError } from '#redis';
import { createApp } from './create-app.ts';

const LINE = '0366129834';
const USER = '0366129835';
const GOOD = '12983476';
const TOKEN = 'abc:def';
const FORM = 'application/x-www-form-urlencoded';

const lines = [
  { lineNumber: LINE, brand: 'ntt-east', numbers: [LINE, USER] },
  { lineNumber: '0666129834', brand: 'ntt-west', numbers: ['0666129834'] },
  { lineNumber: '05066129834', brand: 'rakuten-mobile', numbers: ['05066129834'] },
];

/** Calls in memory; `rival` runs once, just before the next change. */
class InMemoryCalls implements CallStore {
  readonly texts = new Map<string, string>();
  rival: (() => Promise<unknown>) | undefined;

  async read(id: string): Promise<string | undefined> {
    return this.texts.get(id);
  }

  async swap(id: string, before: string | undefined, after: string): Promise<boolean> {
    const { rival } = this;
    this.rival = undefined;
    await rival?.();
    if (this.texts.get(id) !== before) return false;
    this.texts.set(id, after);
    return true;
  }
}

const brands = new Map(loadBrands(BRANDS_DIR));
const east = brands.get('ntt-east')!;
const REFUSED = '北電話です。お受けできません。';
brands.set('ntt-east', { ...east, dialogue: { ...east.dialogue, refused: REFUSED } });

const log: string[] = [];
const set: DialledPassword[] = [];
const calls = new InMemoryCalls();
const registry = createRegistry({ app: 'voice', version: '0' });
let unit: Unit | null = null;
let may = true;
let broken: Error | undefined;
let app: NestExpressApplication;

beforeAll(async () => {
  app = await createApp({
    parts: {
      calls,
      lines: {
        findLine: async (number) => {
          if (broken) throw broken;
          return lines.find(({ numbers }) => numbers.includes(number));
        },
      },
      unitOf: async () => unit,
      brands,
      setTemporaryPassword: async (_, dialled) => {
        if (broken) throw broken;
        if (may) set.push(dialled);
        return may;
      },
      sealKeys: [{ id: 'k', key: Buffer.alloc(32, 1) }],
      logger: createLogger({
        app: 'voice',
        level: 'debug',
        destination: { write: (line) => void log.push(line) },
      }),
    },
    tokens: [{ name: 'media', token: TOKEN }],
    checks: { redis: () => 'does not answer' },
    registry,
  });
});
afterAll(() => app.close());
beforeEach(() => {
  log.length = 0;
  set.length = 0;
  unit = null;
  may = true;
  broken = undefined;
  calls.texts.clear();
});

const http = () => request(app.getHttpServer());
const PATH = '/temporary-password';

function begin(caller = LINE): request.Test {
  return http().get(PATH).query({ caller }).set('authorization', `Bearer ${TOKEN}`);
}

function post(form: Record<string, string>): request.Test {
  return http().post(PATH).type('form').set('authorization', `Bearer ${TOKEN}`).send(form);
}

/** The document of an answer, which is VoiceXML. */
function vxml({ status, headers, text, body }: request.Response): string {
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'application/voicexml+xml',
    'no-store',
  ]);
  return text ?? (body as Buffer).toString();
}

const variable = (document: string, name: string): string =>
  new RegExp(`<var name="${name}" expr="'([^']*)'"/>`).exec(document)?.[1] ?? '';

/** What a document says, in plain text. */
const said = (document: string): string =>
  (/<prompt>(.*)<\/prompt>/.exec(document)?.[1] ?? '').replace(/<[^>]*>/g, '');

async function press(document: string, keys: string): Promise<string> {
  const [call, step] = [variable(document, 'call'), variable(document, 'step')];
  return vxml(await post({ call, step, keys }));
}

async function dial(caller: string, ...keys: string[]): Promise<string> {
  let document = vxml(await begin(caller));
  for (const entry of keys) document = await press(document, entry);
  return document;
}

describe('the telephone dialogue', () => {
  it('A2 sets a temporary password, in the words of [S3]', async () => {
    const first = await dial(USER);
    expect(said(first)).toBe(
      '仮パスワードの設定を行います。仮パスワードを設定する単位を選択します。回線単位に設定する場合は1、電話番号単位に設定する場合は2、管理者／ユーザ単位に設定する場合は3を入力してください。',
    );
    expect(first).toContain('<field name="keys" type="digits?length=1">');
    const second = await press(first, '2');
    expect(said(second)).toBe(
      '仮パスワードを設定する電話番号を市外局番から入力し、最後に#を押してください。',
    );
    expect(second).toContain('<property name="termchar" value="#"/>');
    const third = await press(second, USER);
    expect(said(third)).toBe(
      `${USER}番の仮パスワードの設定を行います。設定したい仮パスワードを入力してください。`,
    );
    expect(third).toContain(`<say-as interpret-as="telephone">${USER}</say-as>`);
    const fourth = await press(third, GOOD);
    expect(said(fourth)).toBe('確認のためにもう一度仮パスワードを入力してください。');
    const last = await press(fourth, GOOD);
    expect(said(last)).toBe(`${USER}番の仮パスワードの設定が完了しました。ご利用ありがとうございました。`);
    expect(last).toContain('<disconnect/>');
    expect(set).toEqual([{ caller: USER, number: USER, unit: 'number', password: GOOD }]);
  });

  it('A2 speaks as the brand of the line words it, [S1] for NTT West', async () => {
    expect(said(await dial('0666129834'))).toMatch(/^仮パスワード設定をする単位を選択します。/);
    expect(said(await dial('0666129834', '1'))).toBe(
      '0666129834番の仮パスワードの設定を行います。登録したい仮パスワードを入力してください。',
    );
  });

  it('A2 says that an entry is wrong and asks again; the third ends the call', async () => {
    const again = await dial(LINE, '9');
    expect(said(again)).toMatch(
      /^入力された番号が正しくありません。もう一度押してください。仮パスワードの設定を/,
    );
    const last = await press(await press(again, ''), '0');
    expect(last).toContain('<disconnect/>');
    expect(last).not.toContain('<field');
    expect(said(last)).toMatch(/^入力された番号が正しくありません。.*はじめからやり直してください。$/);
  });

  it('A2 asks the unit that holds for the line', async () => {
    unit = 'administrator-user';
    expect(said(await dial(USER, '1'))).toMatch(/^入力された番号が正しくありません/);
    expect(said(await dial(USER, '3'))).toContain(`${USER}番の`);
    expect(said(await dial(LINE, '1'))).toContain(`${LINE}番の`);
  });

  it('A2 sets nothing that the caller may no longer set when the call comes to its end', async () => {
    const confirming = await dial(LINE, '2', USER, GOOD);
    may = false;
    expect(said(await press(confirming, GOOD))).toBe(REFUSED);
    may = true;
    const [line] = lines;
    line!.numbers = [LINE];
    expect(said(await press(confirming, GOOD))).toBe(REFUSED);
    line!.numbers = [];
    expect(said(await press(confirming, GOOD))).toBe(REFUSED);
    line!.numbers = [LINE, USER];
    expect(set).toEqual([]);
    expect(said(await press(confirming, GOOD))).toMatch(/完了しました/);
  });

  it.each(['', '0312345678', '110', 'anonymous', '05066129834', '+14155550100'])(
    'A2 does not take the call of %j, in the words of the first brand',
    async (caller) => {
      const document = vxml(await begin(caller));
      expect(said(document)).toBe(REFUSED);
      expect(document).toContain('<disconnect/>');
      expect(calls.texts.size).toBe(0);
    },
  );

  it.each([`+81${LINE.slice(1)}`, ` 81${LINE.slice(1)}`, `0081${LINE.slice(1)}`, '03-6612-9834'])(
    'A2 knows the caller %j',
    async (caller) => expect(said(await dial(caller, '1'))).toContain(`${LINE}番の`),
  );

  it('A2 takes a repeated post for one, and answers it with the same document', async () => {
    const first = await dial(LINE);
    const second = await press(first, '9');
    expect(await press(first, '9')).toBe(second);
    expect(await press(first, '1')).toBe(second);
    expect(await press(second, '9')).toContain('<field');
    const confirming = await dial(LINE, '1', GOOD);
    const last = await press(confirming, GOOD);
    expect(await press(confirming, GOOD)).toBe(last);
    expect(set).toHaveLength(1);
  });

  it('A2 counts one of two posts of one step that come at the same time', async () => {
    const first = await dial(LINE);
    let other = '';
    calls.rival = async () => {
      other = await press(first, '9');
    };
    const document = await press(first, '1');
    expect(document).toBe(other);
    expect(said(document)).toMatch(/^入力された番号が正しくありません/);
    expect(variable(document, 'step')).toBe('2');
  });

  it('A2 sets the password with the repeated post when it could not be set with the first', async () => {
    const confirming = await dial(LINE, '1', GOOD);
    broken = new RedisError('REDIS_UNAVAILABLE', 'writing: refused');
    expect(said(await press(confirming, GOOD))).toMatch(/^ただいま仮パスワードの設定ができません。/);
    broken = undefined;
    expect(said(await press(confirming, GOOD))).toMatch(/完了しました/);
    expect(set).toHaveLength(1);
  });

  it('A2 keeps no password readable, neither in a document nor in the store nor in the log', async () => {
    const documents = await dial(LINE, '1', '4815162', GOOD);
    broken = new RedisError('REDIS_UNAVAILABLE', 'writing: refused');
    const last = await press(documents, GOOD);
    expect([...calls.texts.values()].join()).toContain('v1.k.');
    for (const text of [documents, last, ...calls.texts.values(), ...log]) {
      expect(text).not.toContain(GOOD);
      expect(text).not.toContain('4815162');
    }
  });

  it('A2 ends a call that is forgotten, or that was sealed with a key that is gone', async () => {
    const call = 'a'.repeat(32);
    for (const form of [{}, { call }, { call: '*', step: '1' }, { call, step: '1', keys: '1' }]) {
      const document = vxml(await post(form as Record<string, string>));
      expect(said(document)).toMatch(/^しばらく操作がなかったため/);
      expect(document).toContain('<disconnect/>');
    }
    const confirming = await dial(LINE, '1', GOOD);
    const [[id, text]] = [...calls.texts] as [[string, string]];
    calls.texts.set(id, text.replace('v1.k.', 'v1.gone.'));
    expect(said(await press(confirming, GOOD))).toMatch(/^しばらく操作がなかったため/);
  });

  it('A2 tells the caller when nothing can be set now, and the log why', async () => {
    broken = new RedisError('REDIS_UNAVAILABLE', 'reading: refused');
    const document = vxml(await begin());
    expect(said(document)).toMatch(/^ただいま仮パスワードの設定ができません。/);
    expect(document).toContain('<disconnect/>');
    expect(log.join('')).toContain('"level":"warn"');
    broken = new TypeError('a bug');
    vxml(await begin());
    expect(log.join('')).toContain('"level":"error"');
  });

  it('counts how calls end', async () => {
    registry.getSingleMetric('notify_dialogue_calls_total')?.reset();
    await dial(LINE, '1', GOOD, GOOD);
    await dial(LINE, '9', '9', '9');
    await dial('');
    await post({});
    const text = await registry.metrics();
    for (const result of ['done', 'wrongTooOften', 'refused', 'expired'])
      expect(text).toContain(`notify_dialogue_calls_total{result="${result}"} 1`);
  });
});

describe('the door of the telephone dialogue', () => {
  const problem = ({ headers, status, body }: request.Response): unknown[] => {
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'about:blank', status, title: expect.any(String) as string });
    return [status];
  };

  it.each([undefined, 'Bearer abc', 'Bearer', 'Basic abc', `Basic ${btoa('abc')}`, `Basic ${btoa('u:no')}`])(
    'answers 401 to %s',
    async (authorization) => {
      for (const method of ['get', 'post', 'delete'] as const) {
        const answer = await http()
          [method](PATH)
          .set(authorization === undefined ? {} : { authorization });
        expect(problem(answer)).toEqual([401]);
        expect(answer.headers['www-authenticate']).toBe('Bearer, Basic realm="voice", charset="UTF-8"');
      }
    },
  );

  it.each([`bearer ${TOKEN}`, `Basic ${btoa(`media:${TOKEN}`)}`, `Basic ${btoa(`:${TOKEN}`)}`])(
    'takes the token of %s',
    async (authorization) => {
      vxml(await http().get(PATH).query({ caller: LINE }).set('authorization', authorization));
      expect(log.join('')).toContain('"client":"media"');
    },
  );

  it.each(['/', '/temporary-password/', '/v1', '/toString'])('answers 404 at %s', async (path) =>
    expect(problem(await http().get(path).set('authorization', `Bearer ${TOKEN}`))).toEqual([404]),
  );

  it.each(['put', 'delete', 'patch'] as const)('answers 405 to %s, and says what goes', async (method) => {
    const answer = await http()[method](PATH).set('authorization', `Bearer ${TOKEN}`);
    expect(problem(answer)).toEqual([405]);
    expect(answer.headers.allow).toBe('GET, POST');
  });

  it.each(['application/json', 'multipart/form-data; boundary=x', `${FORM}x`, undefined])(
    'answers 415 to %s',
    async (type) => {
      const asked = http().post(PATH).set('authorization', `Bearer ${TOKEN}`);
      expect(problem(await (type ? asked.set('content-type', type).send('keys=1') : asked))).toEqual([415]);
    },
  );

  it('takes a form with parameters in its type, answers 415 to a packed one and 413 to one that is too long', async () => {
    const typed = post({}).set('content-type', `${FORM}; charset=UTF-8`);
    expect(vxml(await typed.send('call=x'))).toContain('<disconnect/>');
    expect(problem(await post({}).set('content-encoding', 'gzip').send('x'))).toEqual([415]);
    expect(problem(await post({ keys: '1'.repeat(5_000) }))).toEqual([413]);
  });

  it('serves health and metrics without a token', async () => {
    expect((await http().get('/livez')).status).toBe(200);
    expect((await http().get('/readyz')).body).toMatchObject({ reasons: [{ check: 'redis' }] });
    expect((await http().get('/metrics')).text).toContain('notify_build_info{app="voice"');
  });

  it('writes no number into its log', async () => {
    await dial(LINE, '2', USER);
    expect(log.join('')).toContain('"route":"/temporary-password"');
    expect(log.join('')).not.toMatch(/0366129|\?caller/);
  });
});
