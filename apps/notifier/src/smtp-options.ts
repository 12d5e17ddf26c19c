import { hostname } from 'node:os';
import type { DeliveryMetrics } from '#delivery';
import { clientName, type Brands, type createSmtpSender } from '#mail';
import type { Logger } from '#platform';
import type { NotifierEnvironment } from './notifier-environment.ts';

type SmtpOptions = Parameters<typeof createSmtpSender>[0];

/** The name that this installation greets the mail server by (RFC 5321 §4.1.1.1). */
export function ownName(environment: Pick<NotifierEnvironment, 'SMTP_CLIENT_NAME'>, brands: Brands): string {
  return environment.SMTP_CLIENT_NAME ?? clientName(hostname(), brands);
}

/** The mail sender of this installation. */
export function smtpOptions(
  environment: NotifierEnvironment,
  brands: Brands,
  metrics: DeliveryMetrics,
  logger: Logger,
): SmtpOptions {
  return {
    server: environment.SMTP_URL,
    clientName: ownName(environment, brands),
    connections: environment.SMTP_CONNECTIONS,
    timeouts: {
      greetingMs: environment.SMTP_GREETING_SECONDS * 1_000,
      commandMs: environment.SMTP_COMMAND_SECONDS * 1_000,
      dataMs: environment.SMTP_DATA_SECONDS * 1_000,
    },
    onTlsFailed: (error) => {
      metrics.tlsFallbacks.inc();
      logger.warn({ err: error }, 'STARTTLS of the mail server is broken: mail goes in clear text');
    },
  };
}
