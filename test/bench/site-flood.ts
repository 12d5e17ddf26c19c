import { connectRedis } from '#redis';
import { runLoad, type PlannedRequest } from './load.ts';
import type { MeasuredApp } from './measured-app.ts';
import type { Scene } from './scenario.ts';
import { loginNumber, loginRequest, LOGINS, PROXY } from './site-subscribers.ts';

const GUESSES_PER_SECOND = 2_000;
/** More than answer each other at once; the rest of a flood waits for a connection, as it would at a proxy. */
const GUESSING_CONNECTIONS = 256;
const LOGINS_PER_SECOND = 5;
const DIFFERENT = 10_000;

/** What other people noticed of a flood, and what it left behind. */
export interface Flooded {
  /** Of the other people's logins, from when each was due, ms; `Infinity` for one that was refused. */
  readonly times: readonly number[];
  readonly refused: number;
  /** How many guesses a second were answered. */
  readonly guessesPerSecond: number;
  readonly siteGrewMB: number;
  readonly redisGrewMB: number;
}

/** Floods the site with guesses while others log in. Each round has its own number, or address, to flood with. */
export async function floodedLogins(
  scene: Scene,
  app: MeasuredApp,
  flood: 'number' | 'address',
  round: number,
): Promise<Flooded> {
  const { latencySeconds } = scene.size;
  const before = await memoryMB(scene, app);
  const common = { url: app.url, from: PROXY };
  const guessing = runLoad({
    ...common,
    requests: guesses(flood, round),
    count: GUESSES_PER_SECOND * latencySeconds,
    perSecond: GUESSES_PER_SECOND,
    connections: GUESSING_CONNECTIONS,
  });
  const logins = await runLoad({
    ...common,
    requests: others(),
    count: LOGINS_PER_SECOND * latencySeconds,
    perSecond: LOGINS_PER_SECOND,
    connections: 64,
  });
  const { seconds, times } = await guessing;
  const after = await memoryMB(scene, app);
  const isIn = logins.statuses[303] ?? 0;
  const refused = logins.times.length - isIn;
  return {
    times: [...logins.times, ...Array.from({ length: refused }, () => Infinity)],
    refused,
    guessesPerSecond: times.length / seconds,
    siteGrewMB: after.site - before.site,
    redisGrewMB: after.redis - before.redis,
  };
}

function guesses(flood: 'number' | 'address', round: number): PlannedRequest[] {
  return Array.from({ length: DIFFERENT }, (_, index) => {
    const many = `${index >> 8}.${index & 255}`;
    return flood === 'number'
      ? loginRequest(loginNumber('apart', round), `203.0.${many}`, `Guess${index}`)
      : loginRequest(`03${String(50_000_000 + index)}`, `198.18.0.${round}`, `Guess${index}`);
  });
}

function others(): PlannedRequest[] {
  return Array.from({ length: LOGINS / 2 }, (_, index) =>
    loginRequest(loginNumber('configured', index), `198.51.100.${index}`),
  );
}

async function memoryMB(
  { servers }: Scene,
  app: MeasuredApp,
): Promise<{ readonly site: number; readonly redis: number }> {
  const redis = connectRedis({ urls: [servers.REDIS_URL], keyPrefix: '' });
  try {
    await redis.ready(10_000);
    const info = await redis.client.info('memory');
    return {
      site: (await app.metrics())('process_resident_memory_bytes') / 1_048_576,
      redis: Number(/^used_memory:(\d+)/m.exec(info)?.[1]) / 1_048_576,
    };
  } finally {
    await redis.close();
  }
}
