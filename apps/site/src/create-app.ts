import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { Registry } from 'prom-client';
import { nestLogger, recordAnswers, serveHealth, type Logger, type ReadyCheck } from '#platform';
import type { BrandOf } from './brand-of-host.ts';
import { ErrorFilter } from './http/error-filter.ts';
import { isForm, MAX_FORM_BYTES, readForm } from './http/read-form.ts';
import { frontDoor } from './http/front-door.ts';
import { PageInterceptor } from './http/page-interceptor.ts';
import { pageWriter } from './http/page-writer.ts';
import { routeTable, type PageRoute } from './http/route-table.ts';
import { serveAssets } from './http/serve-assets.ts';
import type { Middleware } from './http/site-request.ts';
import type { Pages } from './site.module.ts';
import type { Assets } from './ui/assets.ts';

/** The parts that the site is made of. */
export interface SiteParts {
  readonly pages: Pages;
  /** Lets through who may ask for a page; see `admit`. */
  readonly admit: Middleware;
  readonly brandOf: BrandOf;
  /** Whether a socket's address is one of our proxies. */
  readonly isProxy: (address: string) => boolean;
  readonly assets: Assets;
  readonly checks: Readonly<Record<string, ReadyCheck>>;
  readonly registry: Registry;
  readonly logger: Logger;
}

/** Paths that are no page. */
export const OTHER_ROUTES: readonly PageRoute[] = [
  { path: '/assets/:name', methods: ['GET'], who: 'open' },
  ...['/livez', '/readyz', '/metrics'].map((path): PageRoute => ({
    path,
    methods: ['GET'],
    who: 'inside',
  })),
];

/**
 * Express, but for the path as it is written, as the table of routes reads it: else /Menu would be the page of /menu under
 * the conditions of another row. Nest has made the router by now, so that Express's settings come too late for it.
 */
function exactAdapter(): ExpressAdapter {
  const adapter = new ExpressAdapter();
  const { router } = adapter.getInstance<{ router: { caseSensitive: boolean; strict: boolean } }>();
  Object.assign(router, { caseSensitive: true, strict: true });
  return adapter;
}

/** The site as a Nest application that does not listen yet. */
export async function createApp(parts: SiteParts): Promise<NestExpressApplication> {
  const { pages, admit, assets, brandOf, checks, isProxy, logger, registry } = parts;
  const adapter = exactAdapter();
  const app = await NestFactory.create<NestExpressApplication>(pages.module, adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  // Pages are never stored and assets never change, so nobody asks with one.
  app.disable('etag');
  app.set('trust proxy', isProxy);
  const writePage = pageWriter(assets);
  const routes = routeTable([...pages.routes, ...OTHER_ROUTES]);
  app.use(frontDoor({ routes, brandOf, isProxy, writePage, record: recordAnswers({ logger, registry }) }));
  serveHealth(adapter, { checks, registry });
  serveAssets(adapter, assets);
  app.useBodyParser('raw', { type: isForm, limit: MAX_FORM_BYTES, inflate: false });
  app.use(readForm);
  app.use(admit);
  app.useGlobalInterceptors(new PageInterceptor(writePage));
  app.useGlobalFilters(new ErrorFilter(writePage, logger));
  return app.init();
}
