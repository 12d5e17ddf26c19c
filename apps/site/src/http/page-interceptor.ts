import type { CallHandler, ExecutionContext, NestInterceptor, StreamableFile } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { map, type Observable } from 'rxjs';
import type { Answer, PageWriter } from './page-writer.ts';
import type { SiteRequest } from './site-request.ts';
import { streamAnswer, type Download } from './stream-answer.ts';

/** Turns what a controller returns, a page, where to go or a download, into the answer. */
export class PageInterceptor implements NestInterceptor<Answer | Download, string | StreamableFile> {
  readonly #writePage: PageWriter;

  constructor(writePage: PageWriter) {
    this.#writePage = writePage;
  }

  intercept(
    context: ExecutionContext,
    next: CallHandler<Answer | Download>,
  ): Observable<string | StreamableFile> {
    const http = context.switchToHttp();
    const request = http.getRequest<SiteRequest>();
    const response = http.getResponse<ServerResponse>();
    return next
      .handle()
      .pipe(
        map((answer) =>
          'stream' in answer
            ? streamAnswer(request, response, answer)
            : this.#writePage(request, response, answer),
        ),
      );
  }
}
