import { createIdempotencyKeys, createSourceLimit, createTestMailLimits } from '#redis';
import type { IdempotencyKeys, RequestMark, TestMailLimits, TestMailVerdict } from '#settings';
import { InMemoryIdempotencyKeys } from '../../libs/settings/testing/in-memory-idempotency-keys.ts';
import { eventually } from '../support/eventually.ts';
import { uniqueName } from '../support/unique-name.ts';
import { keysOf, openRedis } from './redis-for-test.ts';

const marked = (fingerprint: string, ...secret: string[]): RequestMark => ({ fingerprint, secret });

const times = async (
  count: number,
  take: (index: number) => Promise<TestMailVerdict>,
): Promise<TestMailVerdict[]> => {
  const verdicts: TestMailVerdict[] = [];
  for (let index = 0; index < count; index += 1) verdicts.push(await take(index));
  return verdicts;
};

describe('limits of test mails', () => {
  let limits: TestMailLimits;
  const address = (): string => `${uniqueName('a')}@example.jp`;

  beforeAll(async () => {
    limits = createTestMailLimits(await openRedis());
  });

  it('C12 allow five an hour to an address, from any number', async () => {
    const to = address();
    const verdicts = await times(6, () => limits.take(uniqueName('n'), to));
    expect(verdicts.slice(0, 5).map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    expect(verdicts[5]).toMatchObject({ ok: false, limit: 'address' });
    const wait = verdicts[5]?.ok === false ? verdicts[5].retryAfterSeconds : 0;
    expect(wait).toBeGreaterThan(3_590);
    expect(wait).toBeLessThanOrEqual(3_600);
  });

  it('C12 allow twenty a day for a number, to any address', async () => {
    const number = uniqueName('n');
    const verdicts = await times(21, () => limits.take(number, address()));
    expect(verdicts.filter(({ ok }) => ok)).toHaveLength(20);
    expect(verdicts[20]).toMatchObject({ ok: false, limit: 'number' });
  });

  it('C12 do not count refused mails', async () => {
    const [full, to] = [uniqueName('n'), address()];
    await times(20, () => limits.take(full, address()));
    await times(7, () => limits.take(full, to));
    const verdicts = await times(6, () => limits.take(uniqueName('n'), to));
    expect(verdicts.map(({ ok }) => ok)).toEqual([true, true, true, true, true, false]);
  });

  it('C12 do not count a mail that was given back, neither for the address nor for the number', async () => {
    const [number, to] = [uniqueName('n'), address()];
    await times(4, () => limits.take(number, to));
    for (const other of [uniqueName('n'), number]) {
      const given = await limits.take(other, to);
      if (!given.ok) throw new Error(`refused: ${given.limit}`);
      await given.giveBack();
      await given.giveBack();
    }
    const rest = await times(17, () => limits.take(number, address()));
    expect(rest.filter(({ ok }) => ok)).toHaveLength(16);
    const last = await times(2, () => limits.take(uniqueName('n'), to));
    expect(last.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('C12 allow no more than five of many at once', async () => {
    const to = address();
    const verdicts = await Promise.all(Array.from({ length: 30 }, () => limits.take(uniqueName('n'), to)));
    expect(verdicts.filter(({ ok }) => ok)).toHaveLength(5);
  });

  it('C12 count each mail for one hour, not until an hour has passed without any', async () => {
    const redis = await openRedis();
    const to = address();
    const limited = createTestMailLimits(redis);
    await limited.take('n', to);
    const hourAgo = Date.now() - 3_601_000;
    for (const { key, node } of await keysOf(redis)) {
      for (let index = 0; index < 4; index += 1) await node.zadd(key, hourAgo, `earlier-${index}`);
    }
    const verdicts = await times(5, () => limited.take('n', to));
    expect(verdicts.map(({ ok }) => ok)).toEqual([true, true, true, true, false]);
  });

  it('C12 allow the next one when the oldest is an hour old', async () => {
    const short = createTestMailLimits(await openRedis(), { perAddress: { count: 1, windowMs: 300 } });
    const to = address();
    expect(await short.take('n', to)).toMatchObject({ ok: true });
    expect(await short.take('n', to)).toEqual({ ok: false, limit: 'address', retryAfterSeconds: 1 });
    await eventually(async () => (await short.take('n', to)).ok);
  });
});

describe('the limit of tries of a source', () => {
  const limit = { count: 3, windowMs: 60_000 };

  it('A3 counts those of each source, over all numbers and processes, and names the wait', async () => {
    const redis = await openRedis();
    const source = uniqueName('source');
    const waits: number[] = [];
    for (let index = 0; index < 5; index += 1)
      waits.push((await createSourceLimit(redis, limit).take(source)).retryAfterSeconds);
    expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
    for (const wait of waits.slice(3)) {
      expect(wait).toBeGreaterThan(50);
      expect(wait).toBeLessThanOrEqual(60);
    }
    expect((await createSourceLimit(redis, limit).take(uniqueName('source'))).retryAfterSeconds).toBe(0);
  });

  it('A3 does not count a try that was given back', async () => {
    const tries = createSourceLimit(await openRedis(), { ...limit, count: 1 });
    const taken = await tries.take('s');
    await taken.giveBack();
    expect((await tries.take('s')).retryAfterSeconds).toBe(0);
    const refused = await tries.take('s');
    expect(refused.retryAfterSeconds).toBeGreaterThan(0);
    await refused.giveBack();
    expect((await tries.take('s')).retryAfterSeconds).toBeGreaterThan(0);
  });

  it('A3 takes no more memory under a flood, and does not store where it comes from', async () => {
    const redis = await openRedis();
    const tries = createSourceLimit(redis, limit);
    await Promise.all(Array.from({ length: 200 }, () => tries.take('192.0.2.7')));
    const [kept, ...others] = await keysOf(redis);
    expect(others).toHaveLength(0);
    expect(kept!.key).not.toContain('192');
    expect(await kept!.node.zcard(kept!.key)).toBe(3);
    expect(await kept!.node.pttl(kept!.key)).toBeGreaterThan(0);
  });

  it('A3 is none when its count is 0', async () => {
    const redis = await openRedis();
    const tries = createSourceLimit(redis, { ...limit, count: 0 });
    const waits = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { retryAfterSeconds, giveBack } = await tries.take('s');
        await giveBack();
        return retryAfterSeconds;
      }),
    );
    expect(waits).toEqual(Array(10).fill(0));
    expect((await keysOf(redis)).map(({ key }) => key)).toEqual([]);
  });
});

describe.each([
  ['Redis', async () => createIdempotencyKeys(await openRedis())],
  ['memory', async () => new InMemoryIdempotencyKeys()],
])('idempotency keys in %s', (_name, open: () => Promise<IdempotencyKeys>) => {
  it('distinguish a first request, its repeat, a finished one, and another request under the same key', async () => {
    const keys = await open();
    const [f, g] = [marked('f'), marked('g')];
    expect(await keys.begin('site', 'k', f)).toBe('first');
    expect(await keys.begin('site', 'k', f)).toBe('repeat');
    expect(await keys.begin('site', 'k', g)).toBe('other');
    expect(await keys.begin('another', 'k', g)).toBe('first');
    await keys.finish('site', 'k');
    expect(await keys.begin('site', 'k', f)).toBe('done');
    expect(await keys.begin('site', 'k', g)).toBe('other');
    await keys.finish('site', 'never begun');
    expect(await keys.begin('site', 'never begun', f)).toBe('first');
  });

  it('distinguish secrets, by whichever key they were sealed', async () => {
    const keys = await open();
    expect(await keys.begin('site', 'k', marked('f', 'of new key', 'of old key'))).toBe('first');
    expect(await keys.begin('site', 'k', marked('f', 'of newer key', 'of new key'))).toBe('repeat');
    expect(await keys.begin('site', 'k', marked('f', 'of old key'))).toBe('other');
    expect(await keys.begin('site', 'k', marked('f'))).toBe('other');
    expect(await keys.begin('site', 'l', marked('f'))).toBe('first');
    expect(await keys.begin('site', 'l', marked('f', 'of a version that marks secrets'))).toBe('repeat');
  });
});

describe('idempotency keys', () => {
  it('expire after a day', async () => {
    const redis = await openRedis();
    const keys = createIdempotencyKeys(redis);
    await keys.begin('site', 'k', marked('f'));
    await keys.finish('site', 'k');
    const [kept] = await keysOf(redis);
    const left = await kept!.node.pttl(kept!.key);
    expect(left).toBeGreaterThan(24 * 3_600_000 - 60_000);
    expect(left).toBeLessThanOrEqual(24 * 3_600_000);
  });
});
