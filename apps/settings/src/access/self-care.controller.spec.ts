import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import type { Access } from '#access';
import type { Brands } from '#mail';
import { createRegistry } from '#platform';
import { createInMemoryAccessStore } from '../../../../libs/access/testing/in-memory-access-store.ts';
import { InMemorySettingsRepository } from '../../../../libs/settings/testing/in-memory-settings-repository.ts';
import { createApp } from '../create-app.ts';
import { awayParts } from '../testing/away-parts.ts';

const store = createInMemoryAccessStore();
const repository = new InMemorySettingsRepository();
const brands = new Map([
  ['ntt-east', {}],
  ['rakuten-mobile', {}],
]) as unknown as Brands;
const apps: NestExpressApplication[] = [];
const log: string[] = [];

async function openApp(known: Brands): Promise<NestExpressApplication> {
  const hash = async (password: string): Promise<string> => `hash of ${password.length}`;
  const hasher = { hash, verify: async () => false };
  const app = await createApp({
    parts: { ...awayParts(log), repository, brands: known, accessStore: store, hasher },
    tokens: [{ name: 'operator', token: 'abc' }],
    checks: {},
    registry: createRegistry({ app: 'settings', version: '0' }),
    version: '0',
  });
  apps.push(app);
  return app;
}

let app: NestExpressApplication;
beforeAll(async () => {
  app = await openApp(brands);
});
afterAll(() => Promise.all(apps.map((one) => one.close())));

const ask = (method: 'get' | 'put' | 'delete', id = 'taro-01', asked = app) =>
  request(asked.getHttpServer())[method](`/v1/self-care/${id}`).set('authorization', 'Bearer abc');
const stored = (id = 'taro-01'): Promise<Access> => store.read(`self-care:${id}`, [id]);
const phcOf = async (): Promise<string | undefined> =>
  (await stored()).accounts.get('taro-01')?.password?.phc;

const PASSWORD = 'correct-horse';
const profile = { numbers: ['05012345678'], address: 'taro@example.jp', service: 'ip-phone' };

function errorsOf({ status, body }: request.Response): (string | number)[] {
  const { errors } = body as { errors: { path: string; code: string }[] };
  return [status, ...errors.map(({ path, code }) => `${path} ${code}`.trim())];
}

describe('/v1/self-care/{id}', () => {
  it('A14 makes an id known, reads it back without its password, and forgets it', async () => {
    expect(errorsOf(await ask('get'))).toEqual([404, 'unknown-self-care-id']);
    const made = await ask('put').send({ ...profile, numbers: ['050-1234-5678'], password: PASSWORD });
    expect([made.status, made.body]).toEqual([201, profile]);
    const read = await ask('get');
    expect([read.status, read.body, read.headers['etag']]).toEqual([200, profile, undefined]);
    expect(await phcOf()).toBe('hash of 13');
    expect((await ask('delete')).status).toBe(204);
    expect(errorsOf(await ask('delete'))).toEqual([404, 'unknown-self-care-id']);
    expect((await stored()).profile).toBeNull();
  });

  it('A14 keeps the password that a change does not name', async () => {
    await ask('put').send({ ...profile, password: PASSWORD });
    const changed = await ask('put').send({ ...profile, service: 'b2bua' });
    expect([changed.status, changed.body]).toEqual([200, { ...profile, service: 'b2bua' }]);
    expect(await phcOf()).toBe('hash of 13');
    await ask('put').send({ ...profile, password: `${PASSWORD}!` });
    expect(await phcOf()).toBe('hash of 14');
  });

  it("B1 is of the brand of its number's line, else of the IP phone service's, else of the first", async () => {
    const lineNumber = '05011112222';
    await repository.putLine({ lineNumber, brand: 'ntt-east', numbers: [], contractor: '' });
    await ask('put', 'a').send({ ...profile, numbers: [lineNumber] });
    await ask('put', 'b').send(profile);
    const others = await openApp(new Map([['kita-denwa', {}]]) as unknown as Brands);
    await ask('put', 'c', others).send(profile);
    const found = await Promise.all(['a', 'b', 'c'].map(async (id) => (await stored(id)).profile?.brand));
    expect(found).toEqual(['ntt-east', 'rakuten-mobile', 'kita-denwa']);
  });

  it.each(['a'.repeat(33), 'a.b', '%E3%81%82'])('A14 knows no id like %s', async (id) => {
    expect(errorsOf(await ask('put', id).send(profile))).toEqual([422, 'id text']);
    expect(errorsOf(await ask('get', id))).toEqual([404, 'unknown-self-care-id']);
    expect(errorsOf(await ask('delete', id))).toEqual([404, 'unknown-self-care-id']);
  });

  it.each([
    ['no number', { numbers: [] }, 'numbers required'],
    ['a number of a line', { numbers: ['0312345678'] }, 'numbers.0 number-ip-phone'],
    ['a number twice', { numbers: ['05012345678', '050-1234-5678'] }, 'numbers.1 duplicate'],
    ['no address (C13)', { address: 'taro' }, 'address address-no-at'],
    ['an address of earlier years (C13)', { address: 'a..b@docomo.ne.jp' }, 'address local-two-dots'],
    ['a short password', { password: 'short12' }, 'password text'],
    ['a long password', { password: 'a'.repeat(65) }, 'password text'],
    ['a password with a space', { password: 'correct horse' }, 'password text'],
    ['another service', { service: 'fax' }, 'service invalid-value'],
    ['a field that is unknown', { brand: 'ntt-east' }, 'brand unknown-field'],
  ])('A14 answers 422 to %s', async (_, wrong, error) => {
    const answer = await ask('put', 'wrong').send({ ...profile, ...wrong });
    expect(errorsOf(answer)).toEqual([422, error]);
    if ('password' in wrong) expect(answer.text).not.toContain(wrong.password);
    expect((await stored('wrong')).profile).toBeNull();
  });

  it('O5 logs neither the id nor its password', () => {
    expect(log.join()).not.toMatch(/taro-01|correct-horse/);
  });
});
