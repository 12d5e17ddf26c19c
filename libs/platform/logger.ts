import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type Bindings, type DestinationStream, type Logger } from 'pino';
import { loggable } from './loggable.ts';
import { scrub } from './mask.ts';

export type { Logger };

export interface LoggerOptions {
  readonly app: string;
  readonly level: string;
  /** Removes the environment's secrets from each line: messages of clients and servers quote what they were given. */
  readonly mask?: (line: string) => string;
  /** Standard output by default. */
  readonly destination?: DestinationStream;
}

/** Writes JSON lines in which no code, link, address, full number or secret of the environment can be read (O5). */
export function createLogger({ app, level, mask = asItIs, destination }: LoggerOptions): Logger {
  const logger = pino(
    {
      base: { app, pid: process.pid },
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: loggedFields,
      },
      // `loggedFields` has already run; pino's own serializer would copy every field of an error.
      serializers: { err: (error: unknown) => error },
      hooks: {
        streamWrite: (line) => scrub(mask(line)),
        logMethod(values, log) {
          const [first, ...others] = values as readonly unknown[];
          log.apply(this, [first, ...others.map(inMessage)] as Parameters<typeof log>);
        },
      },
    },
    destination ?? standardOutput(),
  );
  // pino formats what is bound to the first logger, but not what is bound to its children.
  const child = Reflect.get(logger, 'child') as Logger['child'];
  logger.child = function (this: Logger, bindings: Bindings, options) {
    return child.call(this, loggedFields(bindings), options);
  } as typeof child;
  return logger;
}

function loggedFields(fields: object): Record<string, unknown> {
  const clean = loggable(fields);
  return typeof clean === 'object' && clean !== null ? (clean as Record<string, unknown>) : { value: clean };
}

/** A value for a placeholder in a message. */
function inMessage(value: unknown): unknown {
  return value instanceof Error ? String(value.stack) : loggable(value);
}

function asItIs(line: string): string {
  return line;
}

/** Output that cannot be written is kept up to this size, then dropped: a full disk must not stop mail. */
const KEPT_BYTES = 1_048_576;

function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, maxLength: KEPT_BYTES });
  output.on('error', () => undefined);
  // A line is written at once or cannot be; pino's flush after a fatal line would retry forever on a full disk.
  output.flushSync = () => undefined;
  return output;
}

/**
 * Routes Nest's logging through our logger. Nest's last parameter is its context, the one before may be a stack; its
 * message is a field (`reason`), so that each line of ours has a message of a closed list.
 */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace') =>
    (message: unknown, ...parameters: unknown[]): void => {
      const context = parameters.at(-1);
      const err = [message, ...parameters].find((one) => one instanceof Error);
      const fields = { context, reason: err ? err.message : String(message), ...(err ? { err } : {}) };
      logger[level](fields, 'The web framework reports something');
    };
  return {
    fatal: write('fatal'),
    error: write('error'),
    warn: write('warn'),
    // Nest's start-up messages (modules, routes) are logged at debug level.
    log: write('debug'),
    debug: write('debug'),
    verbose: write('trace'),
  };
}
