import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { map, type Observable } from 'rxjs';
import type { Answer, PageWriter } from './page-writer.ts';
import type { SiteRequest } from './site-request.ts';

/** Turns what a controller returns, a page or where to go, into the answer. */
export class PageInterceptor implements NestInterceptor<Answer, string> {
  readonly #writePage: PageWriter;

  constructor(writePage: PageWriter) {
    this.#writePage = writePage;
  }

  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<string> {
    const http = context.switchToHttp();
    const request = http.getRequest<SiteRequest>();
    const response = http.getResponse<ServerResponse>();
    return next.handle().pipe(map((answer) => this.#writePage(request, response, answer)));
  }
}
