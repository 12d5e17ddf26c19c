import { createUploads } from '#redis';
import { keysOf, openRedis } from './redis-for-test.ts';

const redis = await openRedis();
const K1 = { id: 'k1', key: Buffer.alloc(32, 1) };
const K2 = { id: 'k2', key: Buffer.alloc(32, 2) };
const uploads = createUploads(redis, [K1]);
const upload = { id: 'one', text: '電話番号\r\nsumire31w', seen: 'x' };
const LOGIN = 'a'.repeat(43);

describe('C14 A11 an upload that waits', () => {
  it('is found by its login and its purpose alone, until it is forgotten', async () => {
    await uploads.keep(LOGIN, '/a/csv', upload);
    expect(await uploads.find(LOGIN, '/a/csv')).toEqual(upload);
    expect(await uploads.find(LOGIN, '/b/csv')).toBeUndefined();
    expect(await uploads.find('b'.repeat(43), '/a/csv')).toBeUndefined();
    await uploads.keep(LOGIN, '/a/csv', { ...upload, id: 'two' });
    expect((await uploads.find(LOGIN, '/a/csv'))?.id).toBe('two');
    await uploads.forget(LOGIN, '/a/csv');
    expect(await uploads.find(LOGIN, '/a/csv')).toBeUndefined();
  });

  it('is sealed, for its login and purpose alone, and expires after 30 minutes', async () => {
    await uploads.keep(LOGIN, '/a/csv', upload);
    const [stored] = await keysOf(redis);
    const key = stored!.key;
    const text = (await redis.client.get(key)) ?? '';
    expect(text).toMatch(/^v1\.k1\./);
    const bytes = Buffer.from(text.split('.')[3] ?? '', 'base64url').toString('latin1');
    expect(text + bytes).not.toContain('sumire31w');
    const ttl = await redis.client.pttl(key);
    expect([ttl > 29 * 60_000, ttl <= 30 * 60_000]).toEqual([true, true]);
    await redis.client.set(key.replace('/a/csv', '/b/csv'), text);
    expect(await uploads.find(LOGIN, '/b/csv')).toBeUndefined();
  });

  it('is taken so many times of a line in a while, and then has to wait', async () => {
    const few = createUploads(redis, [K1], { count: 2, windowMs: 60_000 });
    const [line, other] = ['0312345678', '0312345680'];
    expect([await few.take(line), await few.take(line), await few.take(other)]).toEqual([0, 0, 0]);
    const wait = await few.take(line);
    expect([wait > 50, wait <= 60]).toEqual([true, true]);
  });

  it('is opened by an older key, and is not there when that is gone', async () => {
    await uploads.keep(LOGIN, '/a/csv', upload);
    expect(await createUploads(redis, [K2, K1]).find(LOGIN, '/a/csv')).toEqual(upload);
    expect(await createUploads(redis, [K2]).find(LOGIN, '/a/csv')).toBeUndefined();
  });
});
