import request from 'supertest';
import { createPasswordHasher, type AccessStore } from '#access';
import { checkDurability, createAccessStore, createSettingsRepository, type RedisConnection } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { redisDump } from '../support/redis-dump.ts';
import { aSecret } from '../support/run-log.ts';
import { redisUrl } from '../support/servers.ts';
import { startTestVoice, VOICE_TOKEN, type TestVoice } from '../support/voice.ts';
import { keysOf, openRedis } from './redis-for-test.ts';
import { openProxy } from './redis-proxy.ts';

const LINE = '0366129834';
const USER = '0366129835';
const PATH = '/temporary-password';

interface Dialogue extends TestVoice {
  readonly redis: RedisConnection;
  readonly store: AccessStore;
}

/** The telephone dialogue on a Redis that knows one line. */
async function startDialogue(url: string): Promise<Dialogue> {
  const redis = await openRedis({ urls: url.split(',') });
  const durability = () => checkDurability(redis);
  const repository = createSettingsRepository(redis, durability);
  const store = createAccessStore(redis, durability);
  closeLater(() => Promise.all([repository.close(), store.close()]));
  const line = { lineNumber: LINE, brand: 'ntt-east', contractor: 'x', numbers: [LINE, USER] };
  await repository.putLine(line);
  const voice = await startTestVoice({ REDIS_URL: url, REDIS_KEY_PREFIX: redis.keyPrefix });
  return { ...voice, redis, store };
}

/** The temporary password of a number, when it is this one. */
async function temporaryOf({ store }: Dialogue, number: string, password: string): Promise<unknown> {
  const { temporary = null } = (await store.read(`line:${LINE}`, [number])).accounts.get(number) ?? {};
  const isIt = await createPasswordHasher().verify(temporary?.phc ?? null, password);
  return isIt ? { unit: temporary?.unit } : undefined;
}

/** The names and values of all calls in Redis. */
async function keptCalls({ redis }: Dialogue): Promise<string> {
  const kept = (await keysOf(redis)).filter(({ key }) => key.includes(':call:{'));
  return (await Promise.all(kept.map(async ({ key, node }) => `${key} ${await node.get(key)}`))).join('\n');
}

const said = (document: string): string => /<prompt>(.*)<\/prompt>/.exec(document)?.[1] ?? '';

describe('the telephone dialogue on a real Redis', () => {
  let voice: Dialogue;
  beforeAll(async () => {
    voice = await startDialogue(redisUrl());
  });

  const ask = (): request.Test =>
    request(voice.url).get(PATH).query({ caller: LINE }).set('authorization', `Bearer ${VOICE_TOKEN}`);
  const post = async (document: string, keys: string): Promise<string> => {
    const [call = '', step = ''] = ['call', 'step'].map(
      (name) => new RegExp(`name="${name}" expr="'(.*)'"`).exec(document)?.[1],
    );
    const form = { call, step, keys };
    const answer = await request(voice.url)
      .post(PATH)
      .auth('any', VOICE_TOKEN)
      .type('form')
      .send(form)
      .buffer();
    return String(answer.text ?? answer.body);
  };
  const begin = async (): Promise<string> => {
    const answer = await ask().buffer();
    return String(answer.text ?? answer.body);
  };

  it('A2 sets a temporary password, and leaves it readable nowhere', async () => {
    const password = aSecret('48151623');
    const dumps: string[] = [];
    const heard = await voice.call(USER, ['2', '0312345678', `${USER}#`, password, password], async () =>
      dumps.push(await keptCalls(voice)),
    );
    expect(heard).toEqual([
      expect.stringMatching(/^仮パスワードの設定を行います。/),
      expect.stringMatching(/^仮パスワードを設定する電話番号を/),
      expect.stringMatching(
        /^入力された番号が正しくありません。もう一度押してください。仮パスワードを設定する電話番号を/,
      ),
      expect.stringMatching(new RegExp(`^${USER}番の仮パスワードの設定を行います。`)),
      expect.stringMatching(/^確認のためにもう一度/),
      expect.stringMatching(new RegExp(`^${USER}番の仮パスワードの設定が完了しました。`)),
    ]);
    expect(await temporaryOf(voice, USER, password)).toEqual({ unit: 'number' });
    expect(await redisDump(voice.redis.keyPrefix)).not.toContain(password);
    expect(dumps).toHaveLength(5);
    for (const dump of [...dumps, await keptCalls(voice)]) {
      expect(dump).toContain('call:{');
      expect(dump).not.toContain(password);
    }
  });

  it('A2 lets nobody set what a change of the unit during the call has forbidden', async () => {
    const password = aSecret('48151624');
    const becomeUsers = async (): Promise<unknown> =>
      voice.store.change(`line:${LINE}`, [], () => ({ result: undefined, unit: 'administrator-user' }));
    const keys = ['1', password, password];
    const heard = await voice.call(USER, keys, async () => (keys.length === 1 ? becomeUsers() : undefined));
    expect(heard.at(-1)).toMatch(/お受けできません/);
    expect(await temporaryOf(voice, LINE, password)).toBeUndefined();
    expect((await voice.call(USER, ['3', password, password])).at(-1)).toMatch(/完了しました/);
    expect(await temporaryOf(voice, USER, password)).toEqual({ unit: 'administrator-user' });
  });

  it('A2 counts one of many posts of one step that come at once, and answers all with the same document', async () => {
    const first = await begin();
    const documents = await Promise.all(
      Array.from({ length: 20 }, (_, index) => post(first, index % 2 ? '9' : '1')),
    );
    expect(new Set(documents).size).toBe(1);
    expect(documents[0]).toContain(`<var name="step" expr="'2'"/>`);
  });

  it('A2 counts three posts of a wrong entry once each, not once for each repetition', async () => {
    const again = async (document: string): Promise<string> => {
      const documents = await Promise.all(Array.from({ length: 5 }, () => post(document, '9')));
      expect(new Set(documents).size).toBe(1);
      return documents[0] ?? '';
    };
    const third = await again(await again(await begin()));
    expect(third).toContain('<field');
    expect(await again(third)).toContain('<disconnect/>');
  });

  it('A2 forgets a call that is silent for 10 minutes', async () => {
    const first = await begin();
    const [, id = ''] = /'([0-9a-f]{32})'/.exec(first) ?? [];
    const kept = (await keysOf(voice.redis)).find(({ key }) => key.includes(id));
    const left = (await kept?.node.pttl(kept.key)) ?? 0;
    expect(left).toBeGreaterThan(590_000);
    expect(left).toBeLessThanOrEqual(600_000);
    await kept?.node.pexpire(kept.key, 1_000);
    const second = await post(first, '9');
    expect(await kept?.node.pttl(kept.key)).toBeGreaterThan(590_000);
    await kept?.node.unlink(kept.key);
    expect(said(await post(second, '1'))).toMatch(/^しばらく操作がなかったため/);
  });
});

describe('the telephone dialogue while Redis is away', () => {
  it('A2 says so in words and with status 200, and works when it is back', async () => {
    const proxy = await openProxy(redisUrl());
    const voice = await startDialogue(proxy.url);
    const password = aSecret('48151623');
    const unavailable = expect.stringMatching(/^ただいま仮パスワードの設定ができません。/) as string;
    const [, second] = await voice.call(LINE, ['1'], () => proxy.down());
    expect(second).toEqual(unavailable);
    expect(await voice.call(LINE, [])).toEqual([unavailable]);
    const ready = await request(voice.url).get('/readyz');
    expect([ready.status, ready.body]).toMatchObject([503, { reasons: [{ check: 'redis' }] }]);
    await proxy.up();
    await eventually(async () => (await request(voice.url).get('/readyz')).status === 200);
    expect((await voice.call(LINE, ['1', password, password])).at(-1)).toMatch(/完了しました/);
    expect(await temporaryOf(voice, LINE, password)).toEqual({ unit: 'line' });
  });
});
