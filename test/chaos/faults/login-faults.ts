import type { Redis } from 'ioredis';
import { withRedisAt } from '../../support/redis-node.ts';
import { RECOVERY_TARGETS, type Fault } from '../fault.ts';
import type { Scene } from '../scene.ts';

// With characters that URLs, JSON and base64 encode, to test that the log search finds every encoding.
const REDIS_PASSWORD = 'ch4os-redis/pass+word';
const SMTP_PASSWORD = 'ch4os-relay/pass+word';

function withLogin(url: string, user: string, password: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${user}:${encodeURIComponent(password)}@${host}`;
}

/** Changes Redis' password and disconnects all clients. */
async function changePassword(admin: Redis, password: string): Promise<void> {
  await admin.config('SET', 'requirepass', password);
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
}

/** The servers refuse our passwords for a while, as during a rotation. Login errors may contain passwords. */
async function refuseLogins(scene: Scene): Promise<void> {
  const { redisUrl } = scene.ground;
  await withRedisAt(Number(new URL(redisUrl).port), async (admin) => {
    await admin.config('SET', 'requirepass', REDIS_PASSWORD);
    await scene.replaceFirst({
      environment: {
        REDIS_URL: withLogin(redisUrl, '', REDIS_PASSWORD),
        SMTP_URL: withLogin(scene.mail.url, 'chaos', SMTP_PASSWORD),
      },
    });
    try {
      await changePassword(admin, 'another-password');
      await scene.passBetween(2_000, 3_000);
    } finally {
      await changePassword(admin, REDIS_PASSWORD);
    }
    scene.healed();
    await scene.pass(6_000);
    scene.mail.misbehave({ at: 'auth', does: 535 });
    await scene.passBetween(2_000, 3_000);
    scene.mail.behave();
    scene.healed();
    await scene.pass(6_000);
    await admin.config('SET', 'requirepass', '');
    await scene.stopAll();
    await scene.startNotifier();
  });
}

/** Faults of our logins. */
export const LOGIN_FAULTS: readonly Fault[] = [
  {
    ground: 'redis',
    rounds: 6,
    targetMs: RECOVERY_TARGETS.serverBack,
    name: 'Logins: refused by Redis, then by the mail server',
    times: 2,
    happen: refuseLogins,
  },
];
