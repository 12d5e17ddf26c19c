import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Logger } from '#platform';
import type { AnswerError } from './front-door.ts';
import { PageError, type PageErrorCode } from './page-error.ts';
import { formError } from './read-form.ts';

/** How long a browser is asked to wait while Kafka or Redis is unavailable, in seconds. */
const AWAY_RETRY_AFTER = '5';

/** What Nest says by itself: no such controller, and a form with a file that is malformed or too large. */
const HTTP_CODES: ReadonlyMap<number, PageErrorCode> = new Map([
  [400, 'cut-off'],
  [404, 'not-found'],
  [413, 'too-large'],
]);

/** Converts whatever was thrown. A retryable error means that a server behind us is unavailable. */
function pageErrorOf(error: unknown): PageError {
  if (error instanceof PageError) return error;
  if (error instanceof HttpException) {
    const code = HTTP_CODES.get(error.getStatus());
    if (code) return new PageError(code, { cause: error });
  }
  if (!(error instanceof Error)) return new PageError('bug', { cause: error });
  if ('retryable' in error && error.retryable === true)
    return new PageError('away', { headers: { 'retry-after': AWAY_RETRY_AFTER }, cause: error });
  return formError(error) ?? new PageError('bug', { cause: error });
}

/** A server that is away. */
export interface Outage {
  /** What it is called; absent where the error does not say which it is. */
  readonly server?: string;
  /** Whether it is away until a person does something. */
  readonly needsPerson: boolean;
}

/** What the filter needs. */
export interface ErrorFilterOptions<Request> {
  readonly answerError: AnswerError<Request>;
  readonly outageOf: (cause: unknown) => Outage;
  readonly logger: Logger;
}

/** Turns everything that is thrown into a page, and logs what the operator has to know. */
@Catch()
export class ErrorFilter<Request> implements ExceptionFilter {
  readonly #options: ErrorFilterOptions<Request>;

  constructor(options: ErrorFilterOptions<Request>) {
    this.#options = options;
  }

  /** Logs a request that could not be served, as an error when the outage does not end by itself. */
  #tellAway(cause: unknown): void {
    const { logger, outageOf } = this.#options;
    const { server, needsPerson } = outageOf(cause);
    logger[needsPerson ? 'error' : 'warn']({ server, err: cause }, 'a request could not be served');
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<ServerResponse>();
    const error = pageErrorOf(thrown);
    if (error.code === 'bug') this.#options.logger.error({ err: error.cause }, 'a request met a bug');
    if (error.code === 'away') this.#tellAway(error.cause);
    if (response.headersSent) response.destroy();
    else this.#options.answerError(request, response, error);
  }
}
