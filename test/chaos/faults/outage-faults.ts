import { startServer, stopServer, type ServerPlan } from '../../../tools/stack/server.ts';
import { eventually } from '../../support/eventually.ts';
import { RECOVERY_TARGETS, type Fault } from '../fault.ts';
import type { Scene } from '../scene.ts';

const MINUTE_MS = 60_000;
const RESTARTS = 20;

/** How long a server stays away while a notifier starts. */
const AWAY_AT_START_MS = 15_000;
const ANSWERS_WITHIN_MS = 30_000;
const READY_WITHIN_MS = 60_000;

const LONG = { ground: 'long', rounds: 1 } as const;
const BROKER = { ...LONG, targetMs: RECOVERY_TARGETS.brokerBack } as const;
const SERVER = { ...LONG, times: 1, targetMs: RECOVERY_TARGETS.serverBack } as const;

function brokerOf({ ground }: Scene): ServerPlan {
  const [plan] = ground.brokers;
  if (!plan) throw new Error('No broker runs');
  return plan;
}

async function kafkaAway(scene: Scene, awayMs: number): Promise<void> {
  await stopServer(brokerOf(scene).folder);
  await scene.pass(awayMs);
  await startServer(brokerOf(scene));
  scene.healed();
  await scene.pass(10_000);
}

/** Some restarts come before the consumers have rejoined, or while they do. */
async function restartOften(scene: Scene): Promise<void> {
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    await scene.passBetween(0, 3_000);
    await stopServer(brokerOf(scene).folder);
    await startServer(brokerOf(scene));
  }
  scene.healed();
  await scene.pass(10_000);
}

/** A server that is away when a notifier starts. */
interface Absent {
  /** Its name in `/readyz`; absent for a server that readiness does not depend on. */
  readonly check?: string;
  leave(scene: Scene): Promise<void>;
  come(scene: Scene): Promise<void>;
}

const KAFKA: Absent = {
  check: 'kafka',
  leave: (scene) => stopServer(brokerOf(scene).folder),
  come: (scene) => startServer(brokerOf(scene)),
};
const REDIS: Absent = {
  check: 'redis',
  leave: ({ ground }) => stopServer(ground.redis.folder),
  come: ({ ground }) => startServer(ground.redis),
};
const MAIL: Absent = { leave: ({ mail }) => mail.down(), come: ({ mail }) => mail.up() };

/** Stops one notifier while it waits for the server; another waits until the server is back. */
async function startWithout(scene: Scene, server: Absent): Promise<void> {
  const running = scene.notifiers.slice();
  for (const notifier of running) await scene.stop(notifier);
  await server.leave(scene);
  const first = scene.launchNotifier();
  await answersWithout(first, server);
  const code = await scene.stop(first);
  if (code !== 0) throw new Error(`A notifier that waited for a server ended with ${code} after SIGTERM`);
  const second = scene.launchNotifier();
  await scene.pass(AWAY_AT_START_MS);
  await answersWithout(second, server);
  await server.come(scene);
  scene.healed();
  await eventually(() => second.ready(), READY_WITHIN_MS);
  await scene.pass(5_000);
}

async function answersWithout(
  notifier: { readonly runs: boolean; health(): Promise<string | undefined> },
  { check }: Absent,
): Promise<void> {
  const health = await eventually(() => notifier.health(), ANSWERS_WITHIN_MS);
  if (check !== undefined && !(health.startsWith('503 ') && health.includes(`"check":"${check}"`)))
    throw new Error(`/readyz of a notifier without ${check}: ${health}`);
}

/** Outages that last for minutes, and servers that are away when a notifier starts. */
export const OUTAGE_FAULTS: readonly Fault[] = [
  {
    ...BROKER,
    name: 'Kafka: away for ten minutes',
    times: 1,
    perSecond: 4,
    happen: (scene) => kafkaAway(scene, 10 * MINUTE_MS),
  },
  {
    ...BROKER,
    name: 'Kafka: away for two minutes',
    times: 1,
    perSecond: 15,
    happen: (scene) => kafkaAway(scene, 2 * MINUTE_MS),
  },
  {
    ...BROKER,
    name: 'Kafka: twenty short restarts',
    times: RESTARTS,
    perSecond: 15,
    happen: restartOften,
  },
  { ...SERVER, name: 'started while Kafka is away', happen: (scene) => startWithout(scene, KAFKA) },
  { ...SERVER, name: 'started while Redis is away', happen: (scene) => startWithout(scene, REDIS) },
  {
    ...SERVER,
    name: 'started while the mail server is away',
    happen: (scene) => startWithout(scene, MAIL),
  },
];
