import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ServerResponse } from 'node:http';
import { nestLogger, type Logger, type RecordAnswer } from '#platform';
import type { PageContent } from '../ui/page-content.ts';
import type { Assets } from './assets.ts';
import { ErrorFilter, type Outage } from './error-filter.ts';
import { exactAdapter } from './exact-adapter.ts';
import { frontDoor, type AnswerError } from './front-door.ts';
import type { PageError } from './page-error.ts';
import { PageInterceptor } from './page-interceptor.ts';
import type { Middleware, PageRequest } from './page-request.ts';
import { pageWriter, type Answer } from './page-writer.ts';
import { isForm, MAX_FORM_BYTES, readForm } from './read-form.ts';
import { routeTable, type FoundRoute, type RouteRow } from './route-table.ts';
import { serveAssets } from './serve-assets.ts';

/** What an app of pages is made of. `Answered`: what its controllers return besides pages. */
export interface PagesAppParts<Who, Request extends PageRequest<Who>, Answered = never> {
  /** The controllers. */
  readonly module: Type | DynamicModule;
  /** Every path that it has; another one is not found. */
  readonly routes: readonly RouteRow<Who>[];
  readonly assets: Assets;
  /** Whether a socket's address is one of our proxies. */
  readonly isProxy: (address: string) => boolean;
  /** Finds out what the page of a refusal needs, before anything is checked. */
  readonly before?: (request: Request) => void;
  /** Whether this request may not know of the route; what it may not know of is not found. */
  readonly isHidden?: (request: Request, route: FoundRoute<Who>) => boolean;
  /** Lets through who may ask for a page. */
  readonly admit: Middleware<Request>;
  /** A page as a whole document. */
  readonly render: (request: Request, content: PageContent) => string;
  readonly errorPage: (request: Request, error: PageError) => PageContent;
  /** Writes what is no page of ours, such as a download. */
  readonly write?: (
    request: Request,
    response: ServerResponse,
    answer: Answer | Answered,
    writePage: (answer: Answer) => string,
  ) => unknown;
  /** Which server is away when a request failed with a retryable error. */
  readonly outageOf: (cause: unknown) => Outage;
  /** The name of who asked, for the log, once the request is answered. */
  readonly clientOf?: (request: Request) => string | undefined;
  readonly record: RecordAnswer;
  readonly logger: Logger;
}

/**
 * An app of pages that is not initialised yet. Each request takes the same way: a known route, a form of ours, its
 * files, what it carries, who may ask for it, its page; and each step can end it with a page that says so.
 */
export async function createPagesApp<Who, Request extends PageRequest<Who>, Answered = never>(
  parts: PagesAppParts<Who, Request, Answered>,
): Promise<NestExpressApplication> {
  const { module, routes, assets, isProxy, before, isHidden, admit, clientOf, record, outageOf, logger } =
    parts;
  const adapter = exactAdapter();
  const app = await NestFactory.create<NestExpressApplication>(module, adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  // Pages are never stored and assets never change, so nobody asks with one.
  app.disable('etag');
  app.set('trust proxy', isProxy);
  const writePage = pageWriter(parts.render);
  const answerError: AnswerError<Request> = (request, response, error) =>
    void response.end(writePage(request, response, parts.errorPage(request, error)));
  if (before) app.use((request: Request, _: unknown, next: () => void) => (before(request), next()));
  const door = { routes: routeTable(routes), answerError, clientOf, record };
  app.use(frontDoor({ ...door, ...(isHidden && { isHidden }) }));
  serveAssets(adapter, assets);
  app.useBodyParser('raw', { type: isForm, limit: MAX_FORM_BYTES, inflate: false });
  app.use(readForm);
  app.use(admit);
  app.useGlobalInterceptors(
    new PageInterceptor<Request, Answer | Answered, unknown>((request, response, answer) => {
      const write = (one: Answer): string => writePage(request, response, one);
      return parts.write ? parts.write(request, response, answer, write) : write(answer as Answer);
    }),
  );
  app.useGlobalFilters(new ErrorFilter({ answerError, outageOf, logger }));
  return app;
}
