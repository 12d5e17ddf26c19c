import { STATUS_CODES } from 'node:http';
import type { Problem } from '#events';

/** An error as the API returns it (RFC 9457). */
export interface ProblemDocument {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly errors: readonly Problem[];
}

export type ProblemStatus = 400 | 401 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503;

/** Thrown while a request is handled; the filter turns it into the response. */
export class HttpProblem extends Error {
  readonly status: ProblemStatus;
  readonly errors: readonly Problem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ProblemStatus,
    errors: readonly Problem[],
    options: { readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    super(errors.map(({ message }) => message).join('; '), { cause: options.cause });
    this.name = 'HttpProblem';
    this.status = status;
    this.errors = errors;
    this.headers = options.headers ?? {};
  }

  toDocument(): ProblemDocument {
    const { status, errors } = this;
    return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, errors };
  }
}

/** How long a client is asked to wait while Kafka or Redis is unavailable, in seconds. */
const AWAY_RETRY_AFTER = 5;

/** How retryable errors are shown, by their code: the problem's code, and its message. */
const AWAY: Readonly<Record<string, readonly [string, string]>> = {
  REDIS_UNAVAILABLE: ['unavailable', 'Redis does not answer, or cannot serve now'],
  REDIS_REFUSES_WRITES: [
    'writes-refused',
    'Redis can be reached but takes no writes (no memory, disk or replicas): it needs its operator',
  ],
  REDIS_NOT_DURABLE: ['not-durable', 'Redis has it, but did not confirm that it is on disk'],
  REDIS_BUSY: ['busy', 'others kept writing the same'],
  'hasher-busy': ['busy', 'too many passwords wait to be hashed'],
};
const OTHER_AWAY = ['unavailable', 'Kafka has not acknowledged it'] as const;

const one = (code: string, message: string, path = ''): readonly Problem[] => [{ path, code, message }];

/** Problems that have one form each. */
export const problems = {
  notJson: (message: string) => new HttpProblem(400, one('not-json', message)),
  unauthorized: () =>
    new HttpProblem(
      401,
      one('unauthorized', 'expected Authorization: Bearer and a known token', 'headers.authorization'),
      { headers: { 'www-authenticate': 'Bearer' } },
    ),
  noSuchPath: () => new HttpProblem(404, one('no-such-path', 'there is nothing at this path')),
  unknown: (what: 'line' | 'number' | 'event' | 'self-care id') =>
    new HttpProblem(404, one(`unknown-${what.replace(' ', '-')}`, `this ${what} is not known`)),
  methodNotAllowed: (allowed: readonly string[]) =>
    new HttpProblem(405, one('method-not-allowed', `expected one of ${allowed.join(', ')}`), {
      headers: { allow: allowed.join(', ') },
    }),
  taken: (path: string, lineNumber: string) =>
    new HttpProblem(409, one('number-taken', `belongs to the line ${lineNumber}`, path)),
  notContracted: (service: string) =>
    new HttpProblem(409, one('not-contracted', `${service} is not contracted for this number`)),
  ambiguous: (sources: readonly string[]) =>
    new HttpProblem(409, one('ambiguous', `expected one of ${sources.join(', ')}`, 'source')),
  stale: (header: 'if-match' | 'if-none-match') =>
    new HttpProblem(
      412,
      one(
        'stale',
        header === 'if-match'
          ? 'there is another version by now: read it and try again'
          : 'the version there is, is one that must not be: read it and try again',
        `headers.${header}`,
      ),
    ),
  tooLarge: (limit: number) => new HttpProblem(413, one('too-large', `expected at most ${limit} bytes`)),
  mediaType: (path: string, message: string) => new HttpProblem(415, one('media-type', message, path)),
  invalid: (errors: readonly Problem[]) => new HttpProblem(422, errors),
  tooMany: (retryAfterSeconds: number, path: string, message: string) =>
    new HttpProblem(429, one('too-many', message, path), {
      headers: { 'retry-after': String(retryAfterSeconds) },
    }),
  away: (cause: Error) => {
    const code = 'code' in cause ? String(cause.code) : '';
    const [shown, message] = AWAY[code] ?? OTHER_AWAY;
    return new HttpProblem(503, one(shown, `${message}: try again later`), {
      headers: { 'retry-after': String(AWAY_RETRY_AFTER) },
      cause,
    });
  },
  bug: (cause: unknown) =>
    new HttpProblem(500, one('internal', 'an error of this program; its log tells more'), { cause }),
} as const;
