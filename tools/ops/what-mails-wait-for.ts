import { setTimeout as pause } from 'node:timers/promises';
import { BRANDS_DIR, createSmtpSender, loadBrands } from '#mail';
import type { EnvironmentWith } from '#platform';
import { ownName } from '../../apps/notifier/src/smtp-options.ts';
import { withRedis } from './servers.ts';

const PROBE_MS = 5_000;

type WaitEnvironment = EnvironmentWith<'REDIS_URL'>;

/** Asks Redis for a write and the mail server for a greeting, and says in lines for the operator which of them mails wait for. */
export async function whatMailsWaitFor(environment: WaitEnvironment): Promise<string[]> {
  return [...(await redisState(environment)), await mailServerState(environment)];
}

/** A Redis that can be used is not worth a line. */
async function redisState(environment: WaitEnvironment): Promise<string[]> {
  try {
    await withRedis(environment, (redis) => redis.probe());
    return [];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return [`Redis cannot be used from here: ${error.message}. Mails wait for it, and go when it can`];
  }
}

type MailEnvironment = Pick<WaitEnvironment, 'SMTP_URL' | 'SMTP_CLIENT_NAME' | 'NOTIFY_BRANDS_DIR'>;

/** Whether the mail server greets whoever greets it as the notifier does: it may refuse a name. */
export async function mailServerState(environment: MailEnvironment): Promise<string> {
  const { SMTP_URL: server } = environment;
  if (!server)
    return 'SMTP_URL is not set here, so the mail server was not asked; notify_breaker_open says what the notifier waits for';
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
      ? `${name} cannot be used from here: ${withoutName(error.message)}. Mails wait for it, and go when it is back`
      : `${name} can be used from here`;
  } finally {
    timer.abort();
    await sender.close();
  }
}

/** The sender's errors name the server too. */
const withoutName = (message: string): string => message.replace(/^Mail server \S+: /, '');
