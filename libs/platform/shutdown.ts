import type { Logger } from './logger.ts';

export interface ShutdownOptions {
  readonly logger: Logger;
  /** How long closing may take, in milliseconds; 30 s by default. */
  readonly timeoutMs?: number;
  readonly exit?: (code: number) => void;
  /** Where signals and stray errors come from; the process by default. */
  readonly source?: NodeJS.EventEmitter;
}

const CLOSE_TIMEOUT_MS = 30_000;

/**
 * Ends the process in order: SIGTERM or SIGINT closes the app, then exits with 0; an app that does not close in time,
 * fails to close, or leaves an error to nobody exits with 1.
 */
export function endInOrder(close: () => Promise<void>, options: ShutdownOptions): void {
  const {
    logger,
    timeoutMs = CLOSE_TIMEOUT_MS,
    exit = (code) => process.exit(code),
    source = process,
  } = options;
  let closing = false;
  const shutdown = (signal: string): void => {
    if (closing) return;
    closing = true;
    logger.info({ signal }, 'closing');
    const timer = setTimeout(() => {
      logger.error({ timeoutMs }, 'did not close in time');
      exit(1);
    }, timeoutMs);
    timer.unref();
    close().then(
      () => {
        clearTimeout(timer);
        logger.info('closed');
        exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'did not close cleanly');
        exit(1);
      },
    );
  };
  const stray = (error: unknown): void => {
    logger.fatal({ err: error }, 'an error that nobody handled');
    exit(1);
  };
  source.on('SIGTERM', shutdown);
  source.on('SIGINT', shutdown);
  source.on('unhandledRejection', stray);
  source.on('uncaughtException', stray);
}
