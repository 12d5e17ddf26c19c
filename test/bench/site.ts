import { asked, cpuOf } from './ask-site.ts';
import { BENCH_SEAL_KEY, REDIS_KEY_PREFIX, type BenchServers } from './bench-servers.ts';
import type { PlannedRequest } from './load.ts';
import { startMeasuredApp, type MeasuredApp } from './measured-app.ts';
import { merged, type Figures } from './figures.ts';
import type { Scene } from './scenario.ts';
import { floodedLogins, type Flooded } from './site-flood.ts';
import { manyNumbers } from './site-many-numbers.ts';
import {
  cookiesOf,
  loginNumber,
  loginRequest,
  LOGINS,
  pageRequest,
  PROXY,
  seedSubscribers,
} from './site-subscribers.ts';
import { median, percentile, ratios, rounded } from './statistics.ts';

const PAGES_PER_SECOND = 300;
/** More than are hashed at once, so that the hasher always has work. */
const LOGINS_AT_ONCE = 8;

/** Measures the subscribers' site: CPU of its pages beside bare Express, a page's latency, logins, and logins in a flood. */
export async function site(scene: Scene): Promise<Figures> {
  const { servers, say } = scene;
  say(`Writing ${3 * LOGINS} lines with logins`);
  await seedSubscribers(servers);
  const started = [
    await startMeasuredApp('dist/apps/site/src/main.js', environmentOf(servers)),
    await startMeasuredApp('test/bench/bare-express.ts', {}),
  ] as const;
  try {
    await Promise.all(started.map((app) => app.ready()));
    const usual = figures(scene, await measure(scene, ...started));
    return merged(usual, { site: await manyNumbers(scene, started[0]) });
  } finally {
    await Promise.all(started.map((app) => app.stop()));
  }
}

function environmentOf(servers: BenchServers): Record<string, string> {
  return {
    KAFKA_BROKERS: servers.KAFKA_BROKERS,
    REDIS_URL: servers.REDIS_URL,
    REDIS_KEY_PREFIX,
    SEAL_KEYS: `${BENCH_SEAL_KEY.id}:${BENCH_SEAL_KEY.key.toString('base64')}`,
    SITE_TRUSTED_PROXIES: PROXY,
  };
}

/** The measurements of all rounds. CPU in ms for each request, latencies in ms. */
interface Runs {
  readonly cpu: Readonly<Record<'hello' | 'numbers' | 'menu' | 'login', number[]>>;
  readonly pageP50: number[];
  readonly pageP99: number[];
  readonly loginsPerSecond: number[];
  readonly flooded: Readonly<Record<Flood, Flooded[]>>;
}

type Flood = 'number' | 'address';
const FLOODS: Readonly<Record<Flood, string>> = {
  number: 'at one number',
  address: 'from one address',
};

async function measure(scene: Scene, app: MeasuredApp, express: MeasuredApp): Promise<Runs> {
  const { size, say } = scene;
  const runs: Runs = {
    cpu: { hello: [], numbers: [], menu: [], login: [] },
    pageP50: [],
    pageP99: [],
    loginsPerSecond: [],
    flooded: { number: [], address: [] },
  };
  const cookie = await cookiesOf(app.url, loginNumber('apart', 0));
  await costs(app, express, cookie);
  for (let round = 1; round <= size.rounds; round += 1) {
    say(`Site, round ${round} of ${size.rounds}`);
    const cpu = await costs(app, express, cookie);
    for (const name of ['hello', 'numbers', 'menu', 'login'] as const) runs.cpu[name].push(cpu[name]);
    const { times } = await asked(app, [pageRequest('/password', cookie)], {
      count: PAGES_PER_SECOND * size.latencySeconds,
      connections: 64,
      perSecond: PAGES_PER_SECOND,
      status: 200,
    });
    runs.pageP50.push(percentile(times, 0.5));
    runs.pageP99.push(percentile(times, 0.99));
    const plan = { count: LOGINS, connections: LOGINS_AT_ONCE, status: 303 };
    const { seconds } = await asked(app, logins('configured'), plan);
    runs.loginsPerSecond.push(LOGINS / seconds);
    for (const flood of ['number', 'address'] as const) {
      say(`Site, round ${round}: a flood ${FLOODS[flood]}`);
      runs.flooded[flood].push(await floodedLogins(scene, app, flood, round));
    }
  }
  return runs;
}

const logins = (hash: 'cheap' | 'configured'): PlannedRequest[] =>
  Array.from({ length: LOGINS }, (_, index) => loginRequest(loginNumber(hash, index), `198.51.100.${index}`));

/** The CPU of a process for one request of each kind, in ms. */
async function costs(
  app: MeasuredApp,
  express: MeasuredApp,
  cookie: string,
): Promise<Record<'hello' | 'numbers' | 'menu' | 'login', number>> {
  return {
    hello: await cpuOf(express, [{ path: '/', headers: {} }], 200),
    numbers: await cpuOf(app, [pageRequest('/password', cookie)], 200),
    menu: await cpuOf(app, [pageRequest('/menu', cookie)], 200),
    login: await cpuOf(app, logins('cheap'), 303),
  };
}

function figures(scene: Scene, runs: Runs): Figures {
  const { cpu, pageP50, pageP99, loginsPerSecond, flooded } = runs;
  const { report, size } = scene;
  report.add('bare Express, hello: CPU of an answer', cpu.hello, 'ms', 3);
  for (const [name, what] of [
    ['numbers', 'a page with 33 numbers'],
    ['menu', 'the menu'],
    ['login', 'a login without the hash'],
  ] as const) {
    report.add(`site: CPU of ${what}`, cpu[name], 'ms', 3);
    report.add(`site: ${what} ÷ bare Express`, ratios(cpu[name], cpu.hello), '×', 1);
  }
  const rate = `at ${PAGES_PER_SECOND} a second, ${size.latencySeconds} s`;
  report.add(`site: the page with 33 numbers ${rate}, p50`, pageP50, 'ms', 1);
  report.add(`site: the page with 33 numbers ${rate}, p99`, pageP99, 'ms', 1);
  report.add('site: logins, argon2id as configured', loginsPerSecond, 'logins/s', 1);
  const others = (['number', 'address'] as const).map((flood) => reportFlood(scene, flood, flooded[flood]));
  return {
    site: {
      pageCpuMs: rounded(median(cpu.numbers), 2),
      menuCpuMs: rounded(median(cpu.menu), 2),
      loginCpuMs: rounded(median(cpu.login), 2),
      bareExpressCpuMs: rounded(median(cpu.hello), 2),
      pageP99Ms: rounded(median(pageP99), 1),
      loginsPerSecond: rounded(median(loginsPerSecond), 1),
      floodOthersP99Ms: rounded(Math.max(...others)),
    },
  };
}

/** Reports the floods of one kind; returns the p99 of the other people's logins, in ms. */
function reportFlood({ report }: Scene, flood: Flood, flooded: readonly Flooded[]): number {
  const add = (what: string, valueOf: (one: Flooded) => number, unit: string, digits = 0): void =>
    report.add(`flood ${FLOODS[flood]}: ${what}`, flooded.map(valueOf), unit, digits);
  const p99 = ({ times }: Flooded): number => percentile(times, 0.99);
  add('guesses answered', ({ guessesPerSecond }) => guessesPerSecond, '/s');
  add("others' logins, p99", p99, 'ms');
  add("others' logins refused", ({ refused }) => refused, '');
  add('site grew by', ({ siteGrewMB }) => siteGrewMB, 'MB', 1);
  add('Redis grew by', ({ redisGrewMB }) => redisGrewMB, 'MB', 1);
  return median(flooded.map(p99));
}
