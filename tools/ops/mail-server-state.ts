import { setTimeout as pause } from 'node:timers/promises';
import { createSmtpSender } from '#mail';
import type { Environment } from '#platform';

const PROBE_MS = 5_000;

/** Asks the mail server for a greeting, and says in a line for the operator whether mails that wait can wait for it. */
export async function mailServerState(server: Environment['SMTP_URL']): Promise<string> {
  if (!server)
    return 'SMTP_URL is not set here, so the mail server was not asked; notify_breaker_open says what the notifier waits for';
  const name = `the mail server ${server.host}:${server.port}`;
  const sender = createSmtpSender({ server, connections: 1 });
  const timer = new AbortController();
  const late = pause(PROBE_MS, undefined, { signal: timer.signal }).then(
    () => new Error(`no greeting within ${PROBE_MS / 1_000} s`),
    () => undefined,
  );
  try {
    const error = await Promise.race([sender.probe(), late]);
    return error
      ? `${name} cannot be used from here: ${error.message}. Mails wait for it, and go when it is back`
      : `${name} can be used from here`;
  } finally {
    timer.abort();
    await sender.close();
  }
}
