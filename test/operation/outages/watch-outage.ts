import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { APPS, type App, type OutageScene } from './outage-scene.ts';

/** What a look at the system finds; each is a fact that is there or not. */
type Fact = string;

/** Facts by the seconds after which each was first seen. */
export type Sightings = Map<Fact, number>;

/** What is told apart in the table. */
export const VIEWS = ['metrics', 'alerts', 'health', 'site', 'ops', 'log'] as const;
export type View = (typeof VIEWS)[number];

const LOOK_EVERY_MS = 250;
const ANSWER_LIMIT_MS = 5_000;
const WARNING = 40;

async function statusOf(scene: OutageScene, app: App, page: string): Promise<string> {
  const { address } = scene.apps[app];
  return fetch(`${address}${page}`, {
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    redirect: 'manual',
  }).then(
    async (answer) => `${answer.status} ${page === '/readyz' ? reasonsIn(await answer.text()) : ''}`.trim(),
    () => 'no answer',
  );
}

/** The checks that fail, in the JSON of `/readyz`. */
function reasonsIn(text: string): string {
  return [...new Set(Array.from(text.matchAll(/"check":"(\w+)"/g), ([, check]) => check))].join(' ');
}

async function metricsOf(scene: OutageScene, app: App): Promise<Fact[]> {
  const { address } = scene.apps[app];
  const text = await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }).then(
    (answer) => answer.text(),
    () => undefined,
  );
  if (text === undefined) return [`${app}: no metrics`];
  return Array.from(
    text.matchAll(/^(notify_(?:breaker_open|redis_unsafe)\{[^}]*\}) 1$/gm),
    ([, series]) => `${app} ${series}`,
  );
}

async function alertsOf({ prometheus }: OutageScene): Promise<Fact[]> {
  const alerts = await prometheus.alerts().catch(() => []);
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels: { alertname, severity, target, cause, lane, reason, job, kind } }) => {
      const more = [target, cause, lane, reason, job, kind].filter(Boolean).join(' ');
      return `${alertname}${more && ` ${more}`} (${severity})`;
    });
}

/** The warnings and errors of every app's log since `from` bytes of each. */
async function linesOf(scene: OutageScene, from: Readonly<Record<App, number>>): Promise<Fact[]> {
  const found = await Promise.all(
    APPS.map(async (app) => {
      const log = (await readFile(scene.logOf(app))).subarray(from[app]).toString();
      return log.split('\n').flatMap((line) => {
        const [, level, msg] = /"level":"?(\w+)"?.*"msg":"([^"]*)"/.exec(line) ?? [];
        const isGrave = Number(level) >= WARNING || ['warn', 'error', 'fatal'].includes(level ?? '');
        return isGrave && msg ? [`${app}: ${msg}`] : [];
      });
    }),
  );
  return found.flat();
}

/** Where each log ends now. */
async function logEnds(scene: OutageScene): Promise<Record<App, number>> {
  const sizes = await Promise.all(APPS.map(async (app) => (await readFile(scene.logOf(app))).length));
  return Object.fromEntries(APPS.map((app, index) => [app, sizes[index] ?? 0])) as Record<App, number>;
}

async function healthOf(scene: OutageScene): Promise<Fact[]> {
  const asked = APPS.flatMap((app) =>
    ['/livez', '/readyz'].map(async (page) => `${app} ${page} ${await statusOf(scene, app, page)}`),
  );
  return (await Promise.all(asked)).filter((fact) => !fact.endsWith(' 200'));
}

/** What the operator's overview shows as not in order, or why it shows nothing. */
async function overviewOf({ apps, operator }: OutageScene): Promise<Fact[]> {
  const answer = await fetch(`${apps.settings.address}/ops`, {
    headers: { cookie: operator },
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    redirect: 'manual',
  }).catch(() => undefined);
  if (answer?.status !== 200) return [`/ops ${answer?.status ?? 'no answer'}`];
  const troubled = /<span class="level (?!good)\w+">([^<]*)<\/span> ([^<]*)</g;
  return Array.from((await answer.text()).matchAll(troubled), ([, level, name]) => `${level} ${name}`);
}

type Look = (scene: OutageScene, logFrom: Readonly<Record<App, number>>) => Promise<Fact[]>;

const LOOKS: Readonly<Record<View, Look>> = {
  metrics: async (scene) => (await Promise.all(APPS.map((app) => metricsOf(scene, app)))).flat(),
  alerts: alertsOf,
  health: healthOf,
  site: async (scene) => [await statusOf(scene, 'site', '/login')].filter((status) => status !== '200'),
  ops: overviewOf,
  log: linesOf,
};

/** What a time of watching saw: when each view first showed each fact, and whether what was waited for came. */
export interface Watched {
  readonly seen: Readonly<Record<View, Sightings>>;
  readonly seconds: number;
  readonly done: boolean;
}

/**
 * Begins `work` and looks at each view every quarter of a second, until `isDone` says so of what is shown now, or
 * `limitMs` is over.
 */
export async function watch(
  scene: OutageScene,
  work: () => Promise<void> | void,
  isDone: (now: Readonly<Record<View, readonly Fact[]>>) => boolean,
  limitMs: number,
): Promise<Watched> {
  const began = Date.now();
  const from = await logEnds(scene);
  const seen = Object.fromEntries(VIEWS.map((view) => [view, new Map()])) as Record<View, Sightings>;
  const now: Partial<Record<View, Fact[]>> = {};
  let done = false;
  const follow = async (view: View): Promise<void> => {
    while (!done && Date.now() - began < limitMs) {
      const asked = Date.now();
      const facts = await LOOKS[view](scene, from);
      for (const fact of facts) if (!seen[view].has(fact)) seen[view].set(fact, (asked - began) / 1_000);
      now[view] = facts;
      done ||= VIEWS.every((one) => now[one]) && isDone(now as Record<View, Fact[]>);
      await delay(LOOK_EVERY_MS);
    }
  };
  await Promise.all([work(), ...VIEWS.map(follow)]);
  return { seen, seconds: (Date.now() - began) / 1_000, done };
}
