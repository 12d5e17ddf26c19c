import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Logger } from '#platform';
import { answerRefusal } from './front-door.ts';

/** Answers what the body parser could not read (413, 415 …), and bugs, which it logs. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<ServerResponse>();
    const { status = 500 } = error as { readonly status?: number };
    if (status < 500) return answerRefusal(response, { status, detail: 'the form cannot be read' });
    this.#logger.error({ err: error }, 'a request met a bug');
    answerRefusal(response, { status: 500, detail: 'an error of this program; its log tells more' });
  }
}
