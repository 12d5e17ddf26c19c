import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Logger } from '#platform';
import { outageOf } from '../outage.ts';
import { MAX_BODY_BYTES } from './json-body.ts';
import { HttpProblem, problems } from './problem.ts';

/** Converts whatever was thrown to a problem. A retryable error means that a server behind us is unavailable. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof HttpException && error.getStatus() === 404) return problems.noSuchPath();
  if (!(error instanceof Error)) return problems.bug(error);
  if ('retryable' in error && error.retryable === true) return problems.away(error);
  return ('type' in error && bodyProblem(error.type)) || problems.bug(error);
}

/** What the body parser found, by its own names. */
function bodyProblem(type: unknown): HttpProblem | undefined {
  if (type === 'entity.too.large') return problems.tooLarge(MAX_BODY_BYTES);
  if (type === 'request.aborted' || type === 'request.size.invalid')
    return problems.notJson('expected the whole body');
  return undefined;
}

/** Writes a problem as the answer. */
export function answerProblem(response: ServerResponse, problem: HttpProblem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .writeHead(problem.status, {
      'cache-control': 'no-store',
      ...problem.headers,
      'content-type': 'application/problem+json',
    })
    .end(JSON.stringify(problem.toDocument()));
}

/** Turns everything that a controller throws into an answer, and logs what the operator has to know. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Logs a request that could not be served, as an error when the outage does not end by itself. */
  #tellAway({ cause, errors }: HttpProblem): void {
    const needsPerson = errors.some(({ code }) => code === 'writes-refused');
    const { server } = outageOf(cause);
    this.#logger[needsPerson ? 'error' : 'warn']({ server, err: cause }, 'a request could not be served');
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = problemOf(error);
    if (problem.status === 500) this.#logger.error({ err: problem.cause }, 'a request met a bug');
    if (problem.status === 503) this.#tellAway(problem);
    answerProblem(host.switchToHttp().getResponse<ServerResponse>(), problem);
  }
}
