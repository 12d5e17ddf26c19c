import { Redis } from 'ioredis';
import { killServer, startServer, stopServer } from '../../../tools/stack/server.ts';
import { startProxy } from '../../support/redis-proxy.ts';
import { RECOVERY_TARGETS, type Fault } from '../fault.ts';
import type { Scene } from '../scene.ts';
import { freezeServer } from './freeze-server.ts';

const REDIS = { ground: 'redis', rounds: 12, targetMs: RECOVERY_TARGETS.serverBack } as const;
const AWAY_MS = 2_500;

/** Sends one command on a new connection. */
async function ask({ ground }: Scene, command: string, ...args: string[]): Promise<void> {
  const redis = new Redis(ground.redisUrl);
  try {
    await redis.call(command, ...args);
  } finally {
    redis.disconnect();
  }
}

async function killAndStart(scene: Scene): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    await scene.passBetween(200, 1_000);
    await killServer(scene.ground.redis.folder);
    await scene.passBetween(500, AWAY_MS);
    await startServer(scene.ground.redis);
    scene.healed();
    await scene.pass(8_000);
  }
}

async function stopAndStart(scene: Scene): Promise<void> {
  await scene.passBetween(200, 1_000);
  await stopServer(scene.ground.redis.folder);
  await startServer(scene.ground.redis);
  scene.healed();
  await scene.pass(6_000);
}

/** `DEBUG SLEEP`: Redis accepts connections but does not answer. */
async function sleep(scene: Scene): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    await scene.passBetween(200, 1_000);
    await ask(scene, 'DEBUG', 'SLEEP', '3');
    scene.healed();
    await scene.pass(5_000);
  }
}

/** Frozen for longer than a lease (10 s), so that claims expire and can be taken again. */
async function freezeAndThaw(scene: Scene): Promise<void> {
  await freezeServer(scene, scene.ground.redis, [11_000, 13_000]);
  await scene.pass(6_000);
}

async function fillMemory(scene: Scene): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    await ask(scene, 'CONFIG', 'SET', 'maxmemory', '1');
    await scene.passBetween(2_000, 4_000);
    await ask(scene, 'CONFIG', 'SET', 'maxmemory', '0');
    scene.healed();
    await scene.pass(5_000);
  }
}

/** A mail that was begun may be taken over when its owner has been silent for this long. */
const LEASE_MS = 70_000;

/** One of two notifiers loses Redis with mails in flight, some parked: first for longer than a lease, then as long. */
async function cutOneOff(scene: Scene): Promise<void> {
  const proxy = await startProxy(scene.ground.redisUrl);
  try {
    await scene.replaceFirst({ environment: { REDIS_URL: proxy.url } });
    for (const awayMs of [LEASE_MS + 15_000, LEASE_MS]) {
      scene.mail.beVerySlow();
      await scene.passBetween(3_000, 5_000);
      await proxy.down();
      await scene.pass(5_000);
      scene.mail.behave();
      await scene.pass(awayMs - 5_000);
      await proxy.up();
      scene.healed();
      await scene.pass(12_000);
    }
    await scene.stopAll();
    await scene.startNotifier();
  } finally {
    await proxy.close();
  }
}

/** Faults of Redis. */
export const REDIS_FAULTS: readonly Fault[] = [
  { ...REDIS, name: 'Redis: SIGKILL, started again', times: 2, rounds: 30, happen: killAndStart },
  { ...REDIS, name: 'Redis: restarted', times: 1, happen: stopAndStart },
  { ...REDIS, name: 'Redis: DEBUG SLEEP', times: 2, happen: sleep },
  { ...REDIS, name: 'Redis: frozen beyond a lease', times: 1, happen: freezeAndThaw },
  {
    ...REDIS,
    name: 'Redis: away for one of two, beyond a lease',
    ground: 'calm',
    notifiers: 2,
    rounds: 4,
    perSecond: 30,
    times: 2,
    happen: cutOneOff,
  },
  { ...REDIS, name: 'Redis: out of memory', times: 2, happen: fillMemory },
];
