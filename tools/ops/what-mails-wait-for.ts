import { setTimeout as pause } from 'node:timers/promises';
import { BRANDS_DIR, createSmtpSender, loadBrands } from '#mail';
import type { EnvironmentWith } from '#platform';
import { ownName } from '../../apps/notifier/src/smtp-options.ts';
import { withRedis } from './servers.ts';

const PROBE_MS = 5_000;

type WaitEnvironment = EnvironmentWith<'REDIS_URL'>;

/** Probes Redis with a write and the mail server with a greeting; tells the operator which of them mails wait for. */
export async function whatMailsWaitFor(environment: WaitEnvironment): Promise<string[]> {
  return [...(await redisState(environment)), await mailServerState(environment)];
}

/** Tells nothing about a Redis that works. */
async function redisState(environment: WaitEnvironment): Promise<string[]> {
  try {
    await withRedis(environment, (redis) => redis.probe());
    return [];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return [`Redis cannot be used from here: ${error.message}. Mails wait until it is back`];
  }
}

type MailEnvironment = Pick<WaitEnvironment, 'SMTP_URL' | 'SMTP_CLIENT_NAME' | 'NOTIFY_BRANDS_DIR'>;

/** Tells whether the mail server accepts the notifier's EHLO, name included. */
export async function mailServerState(environment: MailEnvironment): Promise<string> {
  const { SMTP_URL: server } = environment;
  if (!server)
    return 'SMTP_URL is not set here, so the mail server was not asked; see the metric notify_breaker_open';
  const clientName = ownName(environment, loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR));
  const name = `the mail server ${server.host}:${server.port}`;
  const sender = createSmtpSender({ server, clientName, connections: 1 });
  const timer = new AbortController();
  const late = pause(PROBE_MS, undefined, { signal: timer.signal }).then(
    () => new Error(`no greeting within ${PROBE_MS / 1_000} s`),
    () => undefined,
  );
  try {
    const error = await Promise.race([sender.probe(), late]);
    return error
      ? `${name} cannot be used from here: ${withoutName(error.message)}. Mails wait until it is back`
      : `${name} can be used from here`;
  } finally {
    timer.abort();
    await sender.close();
  }
}

/** Drops the server's name, which the sender's errors repeat. */
const withoutName = (message: string): string => message.replace(/^Mail server \S+: /, '');
