import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { FaxDocumentsError } from '#fax-documents';
import type { Logger } from '#platform';
import { RedisError } from '#redis';
import { errorPage } from '../pages/error/view.tsx';
import { formError } from './read-form.ts';
import { PageError, type PageErrorCode } from './page-error.ts';
import type { PageWriter } from './page-writer.ts';
import type { SiteRequest } from './site-request.ts';

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

/** Whether an outage lasts until a person does something. */
function needsPerson(cause: unknown): boolean {
  if (cause instanceof RedisError) return cause.code === 'REDIS_REFUSES_WRITES';
  return cause instanceof FaxDocumentsError && cause.code === 'FAX_STORE_REFUSES';
}

/** Turns everything that is thrown into a page, and logs what the operator has to know. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #writePage: PageWriter;
  readonly #logger: Logger;

  constructor(writePage: PageWriter, logger: Logger) {
    this.#writePage = writePage;
    this.#logger = logger;
  }

  /** Logs a request that could not be served, as an error when the outage does not end by itself. */
  #tellAway(cause: unknown): void {
    this.#logger[needsPerson(cause) ? 'error' : 'warn']({ err: cause }, 'a request could not be served');
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<SiteRequest>();
    const response = http.getResponse<ServerResponse>();
    const error = pageErrorOf(thrown);
    if (error.code === 'bug') this.#logger.error({ err: error.cause }, 'a request met a bug');
    if (error.code === 'away') this.#tellAway(error.cause);
    if (response.headersSent) response.destroy();
    else
      response.end(this.#writePage(request, response, errorPage(error, request.brand, request.shownLogin)));
  }
}
