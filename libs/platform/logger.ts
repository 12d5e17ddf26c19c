import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { scrub } from './mask.ts';
import { withoutErrors } from './without-errors.ts';

export type { Logger };

/** Fields that carry a secret by their name (O5); everything else that tells a person is found by its form. */
const SECRET_FIELDS = ['secret', 'sealed', 'link', 'password', 'token', 'authorization'];

export interface LoggerOptions {
  readonly app: string;
  readonly level: string;
  /** Takes the environment's secrets out of each line: messages of clients and servers quote what they were given. */
  readonly mask?: (line: string) => string;
  /** Standard output by default. */
  readonly destination?: DestinationStream;
}

/** Writes JSON lines in which no code, link, address, full number or secret of the environment can be read (O5). */
export function createLogger({ app, level, mask = asItIs, destination }: LoggerOptions): Logger {
  return pino(
    {
      base: { app, pid: process.pid },
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => withoutErrors(fields) as Record<string, unknown>,
      },
      // Ours come before it; pino's own would copy every field of an error.
      serializers: { err: (error: unknown) => error },
      redact: { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '***' },
      hooks: { streamWrite: (line) => scrub(mask(line)) },
    },
    destination ?? standardOutput(),
  );
}

function asItIs(line: string): string {
  return line;
}

/** What cannot be written is kept for later up to this size, then dropped: a full disk must not stop mail. */
const KEPT_BYTES = 1_048_576;

function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, maxLength: KEPT_BYTES });
  output.on('error', () => undefined);
  // A line is written at once or cannot be; pino's own flush after a fatal one would try for ever on a full disk.
  output.flushSync = () => undefined;
  return output;
}

/** Lets Nest write by our logger: the last parameter is Nest's context, the one before may be a stack. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace') =>
    (message: unknown, ...parameters: unknown[]): void => {
      const context = parameters.at(-1);
      const err = [message, ...parameters].find((one) => one instanceof Error);
      logger[level]({ context, ...(err ? { err } : {}) }, err ? err.message : String(message));
    };
  return {
    fatal: write('fatal'),
    error: write('error'),
    warn: write('warn'),
    // What Nest tells of its own start (modules, routes) is for those who look for it.
    log: write('debug'),
    debug: write('debug'),
    verbose: write('trace'),
  };
}
