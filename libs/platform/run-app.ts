import type { VariableName } from './environment-schema.ts';
import { exitOnBadEnvironment, loadEnvironment, type EnvironmentWith } from './load-environment.ts';
import { createLogger, type Logger } from './logger.ts';
import { secretsIn } from './secrets.ts';
import { exitCodeOf } from './until-it-works.ts';

/** The parts of the start that differ from app to app. */
export interface App<K extends VariableName> {
  /** Its name, in every line of its log. */
  readonly name: string;
  /** The variables that it requires. */
  readonly requires: readonly K[];
  /** Throws an `EnvironmentError` when what a variable names cannot be used. */
  readonly check: (environment: EnvironmentWith<K>) => void;
  /** Creates the function that masks these secrets in a line of the log. */
  readonly maskSecrets: (secrets: readonly string[]) => (text: string) => string;
  /** Starts it. `fatal` ends the process: for later errors that retrying cannot fix. */
  readonly start: (
    environment: EnvironmentWith<K>,
    logger: Logger,
    fatal: (error: unknown) => never,
  ) => Promise<Running>;
}

/** An app that has started. */
interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Runs an app as this process, to its end. A bad environment, or an error that retrying cannot fix, ends it with 78 and
 * one line; any other failure to start, with 1. SIGTERM and SIGINT close it.
 */
export async function runApp<const K extends VariableName>(app: App<K>): Promise<void> {
  const environment = exitOnBadEnvironment(() => {
    const loaded = loadEnvironment(app.requires);
    app.check(loaded);
    return loaded;
  });
  const mask = app.maskSecrets(secretsIn(environment));
  const logger = createLogger({ app: app.name, level: environment.LOG_LEVEL, mask });
  const fatal = (error: unknown): never => {
    logger.fatal({ err: error }, 'The app cannot work, and ends');
    process.exit(exitCodeOf(error));
  };
  try {
    const running = await app.start(environment, logger, fatal);
    endInOrder(() => running.close(), { logger });
    // From here on signals close it.
    logger.info({ url: running.url }, 'The app answers HTTP');
  } catch (error) {
    fatal(error);
  }
}

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
 * fails to close, or leaves an error unhandled exits with 1.
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
