import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeEvent } from '#events';
import { createPublisher, type Publisher } from '#kafka';
import { createRandom } from '../../chaos/random.ts';
import type { Ground } from '../../chaos/ground.ts';
import { MailServer } from '../../chaos/mail-server.ts';
import { notifierEnvironment } from '../../chaos/notifier-environment.ts';
import { NotifierProcess } from '../../chaos/notifier-process.ts';
import { TOKEN } from '../../chaos/saves.ts';
import { subscriber } from '../../chaos/subscribers.ts';
import { startPrometheus, type Prometheus } from '../../support/prometheus.ts';
import { ruleFiles } from '../promtool.ts';

/** The apps of a row, each a process. */
export const APPS = ['notifier', 'settings', 'site'] as const;
export type App = (typeof APPS)[number];

const CALLS_EVERY_MS = 500;

/** One row's system under a real Prometheus with the shipped rules: a call every half second becomes mail. */
export interface OutageScene {
  readonly ground: Ground;
  readonly mail: MailServer;
  readonly apps: Readonly<Record<App, NotifierProcess>>;
  readonly prometheus: Prometheus;
  readonly logOf: (app: App) => string;
  /** The cookie of a session of the operator's page. */
  readonly operator: string;
  /** How far the switch's clock is ahead. */
  switchAheadMs: number;
  /** The recipients of the calls that Kafka has. */
  readonly owed: readonly string[];
  /** Replaces the notifier by one that has no variables of its row. */
  restartNotifier(): Promise<void>;
  close(): Promise<void>;
}

interface SceneStart {
  readonly name: string;
  readonly ground: Ground;
  /** More variables of the notifier. */
  readonly notifier?: Readonly<Record<string, string>>;
}

/** Opens the scene of a row; resolves when every app is ready and Prometheus has seen it. */
export async function openScene({ name, ground, notifier = {} }: SceneStart): Promise<OutageScene> {
  const mail = new MailServer(createRandom(1, name));
  await mail.up();
  const logOf = (app: App): string => path.join(ground.folder, `${name}-${app}.log`);
  const start = starter({ name, ground }, mail.url, logOf);
  const apps = {
    notifier: await start('notifier', notifier),
    settings: await start('settings'),
    site: await start('site'),
  };
  const prometheus = await startPrometheus({
    targets: Object.fromEntries(APPS.map((app) => [app, [new URL(apps[app].address ?? '').host]])),
    ruleFiles: await ruleFiles(),
    everyMs: 5_000,
  });
  while ((await prometheus.query('up == 1')).length < APPS.length) await delay(200);
  const operator = await logIn(apps.settings.address ?? '');
  const scene = { ground, mail, apps, prometheus, logOf, operator, switchAheadMs: 0 };
  const stream = callsOf(scene, name);
  const restartNotifier = async (): Promise<void> => {
    await apps.notifier.stop();
    apps.notifier = await start('notifier');
  };
  const close = async (): Promise<void> => {
    await stream.end();
    await prometheus.close();
    await Promise.all(APPS.map((app) => apps[app].stop()));
    await mail.down();
    await Promise.all(APPS.map((app) => rm(logOf(app), { force: true })));
  };
  return Object.assign(scene, { owed: stream.owed, restartNotifier, close });
}

/** Starts an app of a row, with more variables where it is given some; resolves when it is ready. */
function starter(
  { name, ground }: SceneStart,
  smtpUrl: string,
  logOf: OutageScene['logOf'],
): (app: App, more?: Readonly<Record<string, string>>) => Promise<NotifierProcess> {
  const environment = {
    ...notifierEnvironment(ground, name, smtpUrl),
    SETTINGS_API_TOKENS: `outages:${TOKEN}`,
    SITE_URL: 'http://127.0.0.1:1',
  };
  return (app, more = {}) =>
    NotifierProcess.start({
      environment: { ...environment, ...more },
      logFile: logOf(app),
      main: `dist/apps/${app}/src/main.js`,
    });
}

/** Logs in to the operator's page; resolves with its cookie. */
async function logIn(settings: string): Promise<string> {
  const answer = await fetch(`${settings}/ops/login`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ token: TOKEN }),
    redirect: 'manual',
  });
  const [cookie] = answer.headers.getSetCookie();
  if (cookie === undefined) throw new Error(`The operator's page let nobody in: ${answer.status}`);
  return cookie.split(';', 1)[0] ?? '';
}

/** Publishes a call every half second, of another subscriber each time, until `end`. */
function callsOf(
  scene: { readonly ground: Ground; switchAheadMs: number },
  name: string,
): { readonly owed: string[]; end(): Promise<void> } {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const publisher = createPublisher({
    brokers: scene.ground.bootstrap.split(','),
    clientId: name,
    ssl: false,
    topicPrefix: `${name}.`,
    log,
  });
  const owed: string[] = [];
  const pending = new Set<Promise<void>>();
  let next = 0;
  const timer = setInterval(() => {
    const { number, addresses } = subscriber(next);
    const sent = publishCall(publisher, { number, id: `${name}-${next}`, ahead: scene.switchAheadMs })
      .then(() => void owed.push(...addresses))
      // What Kafka did not acknowledge is not owed.
      .catch(() => undefined)
      .finally(() => pending.delete(sent));
    pending.add(sent);
    next += 1;
  }, CALLS_EVERY_MS);
  const end = async (): Promise<void> => {
    clearInterval(timer);
    await Promise.all(pending);
    await publisher.close();
  };
  return { owed, end };
}

async function publishCall(
  publisher: Publisher,
  { number, id, ahead }: { number: string; id: string; ahead: number },
): Promise<void> {
  const time = Date.now();
  const data = {
    lineNumber: number,
    calledNumber: number,
    caller: { number: '09012345678' },
    startedAt: new Date(time - 1_000 + ahead).toISOString(),
    ringSeconds: 1,
    outcome: 'unanswered' as const,
  };
  await publisher.publish([
    encodeEvent({ type: 'call.v1', source: '/outages', id, time: time + ahead, key: number, data }),
  ]);
}
