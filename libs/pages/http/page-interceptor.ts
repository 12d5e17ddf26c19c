import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { map, type Observable } from 'rxjs';

/** Turns what a controller returns into the answer, by a writer that sets its headers and returns its body. */
export class PageInterceptor<Request, Answer, Body> implements NestInterceptor<Answer, Body> {
  readonly #write: (request: Request, response: ServerResponse, answer: Answer) => Body;

  constructor(write: (request: Request, response: ServerResponse, answer: Answer) => Body) {
    this.#write = write;
  }

  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<Body> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<ServerResponse>()];
    return next.handle().pipe(map((answer) => this.#write(request, response, answer)));
  }
}
