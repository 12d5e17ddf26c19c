import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createRegistry } from '#platform';
import { createInMemoryAccessStore } from '../../../../libs/access/testing/in-memory-access-store.ts';
import { InMemorySettingsRepository } from '../../../../libs/settings/testing/in-memory-settings-repository.ts';
import { createApp } from '../create-app.ts';
import { awayParts } from '../testing/away-parts.ts';

const NUMBER = '05012345678';
const OF_A_LINE = '05011112222';
const WITHOUT = '05011113333';
const PASSWORD = 'Kaede052';

const store = createInMemoryAccessStore();
const repository = new InMemorySettingsRepository();
const log: string[] = [];
let app: NestExpressApplication;

beforeAll(async () => {
  const hasher = {
    hash: async (password: string) => `hash of ${password.length}`,
    verify: async () => false,
  };
  app = await createApp({
    parts: { ...awayParts(log), repository, accessStore: store, hasher },
    tokens: [{ name: 'operator', token: 'abc' }],
    checks: {},
    registry: createRegistry({ app: 'settings', version: '0' }),
    version: '0',
  });
  await repository.putLine({
    lineNumber: OF_A_LINE,
    brand: 'ntt-east',
    numbers: [WITHOUT],
    contractor: '',
    services: { [WITHOUT]: ['call-notice'] },
  });
});
afterAll(() => app.close());

const put = (document: object, number: string = NUMBER) =>
  request(app.getHttpServer())
    .put(`/v1/numbers/${number}/ip-phone-password`)
    .set('authorization', 'Bearer abc')
    .send(document);
const phcOf = async (number: string): Promise<string | undefined> =>
  (await store.read(`ip-phone:${number}`, [number])).accounts.get(number)?.password?.phc;
const codesOf = ({ status, body }: request.Response): (string | number)[] => {
  const { errors } = body as { errors: { path: string; code: string }[] };
  return [status, ...errors.map(({ path, code }) => `${path} ${code}`.trim())];
};

describe('PUT /v1/numbers/{number}/ip-phone-password', () => {
  it('V4 makes the current password known, hashed, of a number of no line too', async () => {
    for (const [written, number] of [
      ['050-1234-5678', NUMBER],
      [OF_A_LINE, OF_A_LINE],
    ] as const) {
      const answer = await put({ password: PASSWORD }, written);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(await phcOf(number)).toBe('hash of 8');
    }
  });

  it('V4 is never read back', async () => {
    const read = await request(app.getHttpServer())
      .get(`/v1/numbers/${NUMBER}/ip-phone-password`)
      .set('authorization', 'Bearer abc');
    expect([read.status, read.headers['allow']]).toEqual([405, 'PUT']);
  });

  it('V4 is 404 for a number that is no IP phone’s, and 409 where the service is not contracted', async () => {
    expect(codesOf(await put({ password: PASSWORD }, '0312345678'))).toEqual([404, 'unknown-number']);
    expect(codesOf(await put({ password: PASSWORD }, '12'))).toEqual([404, 'unknown-number']);
    expect(codesOf(await put({ password: PASSWORD }, WITHOUT))).toEqual([409, 'not-contracted']);
    expect(await phcOf(WITHOUT)).toBeUndefined();
  });

  it.each([
    [{ password: 'Kaede05' }, 'password length'],
    [{ password: 'Kaede0523' }, 'password length'],
    [{ password: 'Kaede-05' }, 'password characters'],
    [{ password: '' }, 'password empty'],
    [{}, 'password required'],
    [{ password: PASSWORD, number: NUMBER }, 'number unknown-field'],
  ])('V4 answers 422 to %j', async (document, error) => {
    const answer = await put(document);
    expect(codesOf(answer)).toEqual([422, error]);
    expect(answer.text).not.toContain('Kaede');
  });

  it('O5 logs neither the password nor the number', () => {
    expect(log.join()).toContain('made the password of an IP phone known');
    expect(log.join()).not.toMatch(/Kaede052|05012345678/);
  });
});
