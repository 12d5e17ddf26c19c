import { createPasswordHasher, NO_ACCOUNT, type Account } from '#access';
import { connectRedis, createAccessStore } from '#redis';
import { REDIS_KEY_PREFIX, type BenchServers } from './bench-servers.ts';
import { benchNumber } from './call-load.ts';
import type { PlannedRequest } from './load.ts';
import { seedLines } from './prepare.ts';

/** How many lines of each group log in, each with its line number as the administrator. */
export const LOGINS = 200;
const NUMBERS_OF_A_LINE = 33;
/** Above the numbers of all other scenarios. */
const FIRST = 50_000_000;
const PASSWORD = 'Bench2026x';
/**
 * The password's hash with 8 KiB instead of 19 MiB. A hash carries its own parameters, so a login with it takes the whole
 * way of any login, and 0.07 ms for the hash.
 */
const CHEAP_HASH =
  '$argon2id$v=19$m=8,t=1,p=1$zO8gZ/ciIqG+tFKZ9W14Tg$lLP2eOB4VgSRBXGv5yDw6S4jw1qgKbS7y/61yWYW09U';

/**
 * Logins whose password's hash is a cheap one, or as configured; and those, with the latter, that stand apart: nobody
 * else logs in with them, so that a session lasts, and a flood at one spoils no other measurement.
 */
const GROUPS = ['cheap', 'configured', 'apart'] as const;
type LoginGroup = (typeof GROUPS)[number];

/** Where the requests of the bench come from: the site takes it for a proxy, which says where they came from before. */
export const PROXY = '127.0.0.2';

/** The line number of a login. */
export function loginNumber(group: LoginGroup, index: number): string {
  const line = GROUPS.indexOf(group) * LOGINS + index;
  return benchNumber(FIRST + line * NUMBERS_OF_A_LINE);
}

/** Writes the lines of 33 numbers, and their administrators' accounts, which use no one-time password. */
export async function seedSubscribers(servers: BenchServers): Promise<void> {
  const configured = await createPasswordHasher().hash(PASSWORD);
  for (const group of GROUPS) {
    const lines = Array.from({ length: LOGINS }, (_, index) => loginNumber(group, index));
    await seedLines(
      servers,
      lines.map((number) => numbersFrom(number, NUMBERS_OF_A_LINE)),
    );
    await seedAdministrators(servers, lines, group === 'cheap' ? CHEAP_HASH : configured);
  }
}

/** Writes the accounts of lines whose administrators log in with the bench's password, of which this is a hash. */
export async function seedAdministrators(
  servers: BenchServers,
  lineNumbers: readonly string[],
  phc = CHEAP_HASH,
): Promise<void> {
  const redis = connectRedis({ urls: [servers.REDIS_URL], keyPrefix: REDIS_KEY_PREFIX });
  await redis.ready(10_000);
  const store = createAccessStore(redis, { canAwaitDisk: false });
  const account: Account = {
    ...NO_ACCOUNT,
    password: { phc, changedAt: Date.now() },
    oneTime: { ...NO_ACCOUNT.oneTime, use: false },
  };
  for (const number of lineNumbers)
    await store.change(`line:${number}`, [number], () => ({
      result: undefined,
      unit: 'administrator-user',
      accounts: new Map([[number, account]]),
    }));
  await store.close();
  await redis.close();
}

/** So many numbers in a row, from this one on. */
export function numbersFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `0${Number(first) + index}`);
}

/** A try to log in, from an address behind the proxy. */
export function loginRequest(number: string, source: string, password = PASSWORD): PlannedRequest {
  return {
    path: '/login',
    headers: {
      ...behindProxy(source),
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    },
    body: new URLSearchParams({ number, password }).toString(),
  };
}

/** A page as somebody who is logged in asks for it. */
export function pageRequest(path: string, cookie: string): PlannedRequest {
  return { path, headers: { ...behindProxy('192.0.2.1'), cookie } };
}

const behindProxy = (source: string): Readonly<Record<string, string>> => ({
  'x-forwarded-for': source,
  'x-forwarded-proto': 'https',
});

/** Logs in with a number, and resolves with the cookies as a browser sends them. */
export async function cookiesOf(site: string, number: string): Promise<string> {
  const { path, headers, body = '' } = loginRequest(number, '192.0.2.1');
  const answer = await fetch(site + path, { method: 'POST', redirect: 'manual', headers, body });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
  if (answer.status !== 303 || cookies.length < 2) throw new Error(`a login ended with ${answer.status}`);
  return cookies.join('; ');
}
