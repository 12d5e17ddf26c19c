import { createPasswordHasher, putSelfCare, setIpPhonePassword } from '#access';
import { open, parseRfc3339 } from '#events';
import { checkDurability, createAccessStore } from '#redis';
import { openRedis } from '../../integration/redis-for-test.ts';
import { closeLater } from '../../support/close-later.ts';
import { eventually } from '../../support/eventually.ts';
import { collectRecords } from '../../support/kafka.ts';
import { redisDump } from '../../support/redis-dump.ts';
import { aSecret } from '../../support/run-log.ts';
import type { SiteBrowser } from '../../support/site-browser.ts';
import { openSiteGround, PASSWORD } from '../../support/site-ground.ts';
import { uniqueName } from '../../support/unique-name.ts';

const LIMIT = 60_000;
const PATH = '/self-care/ip-phone-password';
const CURRENT = aSecret('Hinoki47');
const NEXT = aSecret('Sakaki58');
const WRONG = aSecret('Kunugi69');
const NUMBER = '05047110815';
const ADDRESS = `${uniqueName('ip-phone')}@example.jp`;

const ground = await openSiteGround();
const topic = `${ground.prefix}switch-commands`;
const commands = await collectRecords([topic]);
const redis = await openRedis({ keyPrefix: ground.prefix });
const store = createAccessStore(redis, () => checkDurability(redis));
closeLater(() => store.close());

/** Somebody logged in by a self-care id of that number. */
async function selfCare(): Promise<SiteBrowser> {
  const deps = { store, hasher: createPasswordHasher(), now: Date.now };
  const profile = { brand: 'rakuten-mobile', numbers: [NUMBER], address: ADDRESS, service: 'b2bua' } as const;
  await putSelfCare(deps, 'taro', { ...profile, password: PASSWORD });
  await setIpPhonePassword(deps, NUMBER, CURRENT);
  const browser = ground.browser();
  // On a busy machine Redis or Kafka may be late: the page says so, and it is tried again.
  const login = { id: 'taro', password: PASSWORD };
  await eventually(async () => (await browser.post('/self-care', login)).status === 303);
  const code = await ground.secretTo(ADDRESS);
  expect((await browser.post('/self-care/code', { code })).headers.location).toBe('/self-care/menu');
  return browser;
}

/** What the switch was told: each event id with its data. */
const told = (): { id: string; data: Record<string, string> }[] =>
  commands.map(({ value, headers }) => ({
    id: headers['ce_id'] ?? '',
    data: JSON.parse(value ?? '{}') as Record<string, string>,
  }));

it(
  'V4 V5 O5 a new password reaches the switch sealed, once, and is readable nowhere else',
  async () => {
    const browser = await selfCare();
    const form = { number: NUMBER, current: CURRENT, next: NEXT, again: NEXT };
    expect((await browser.post(PATH, { ...form, current: WRONG })).status).toBe(422);
    expect((await browser.post(PATH, form)).headers.location).toBe(`${PATH}/confirm`);
    const dumps = [await redisDump(ground.prefix)];
    expect(commands).toHaveLength(0);
    expect((await browser.post(`${PATH}/confirm`)).headers.location).toBe(`${PATH}/changed`);
    dumps.push(await redisDump(ground.prefix));
    const [command] = await eventually(() => (commands.length > 0 ? told() : undefined), LIMIT);
    const { id, data } = command!;
    expect(data).toEqual({
      number: NUMBER,
      at: expect.any(String),
      effectiveAt: expect.any(String),
      sealed: expect.any(String),
    });
    expect(parseRfc3339(data['effectiveAt'] ?? '')).toBeGreaterThan(parseRfc3339(data['at'] ?? '') ?? NaN);
    const keys = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
    expect(open(data['sealed'] ?? '', id, keys)).toEqual({ ok: true, secret: { password: NEXT } });
    await eventually(async () => !(await browser.get(PATH)).text.includes('反映中'), LIMIT);
    dumps.push(await redisDump(ground.prefix));
    const metrics = await (await fetch(`${ground.site.url}/metrics`)).text();
    const seen = [...dumps, JSON.stringify(commands), ground.site.log.join(''), metrics].join();
    expect(seen).toContain(`ip-phone:{${NUMBER}}`);
    for (const secret of [CURRENT, NEXT, WRONG])
      for (const shown of [secret, Buffer.from(secret).toString('base64').slice(0, 10)])
        expect([shown, seen.includes(shown)]).toEqual([shown, false]);
    expect(ground.site.log.join('')).not.toContain(NUMBER);
    expect(new Set(told().map((one) => one.id)).size).toBe(1);
  },
  LIMIT,
);
