import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Registry } from 'prom-client';
import { FaxDocumentsError } from '#fax-documents';
import { KafkaError } from '#kafka';
import { createPagesApp, type Assets, type Middleware, type Outage } from '#pages';
import { recordAnswers, serveHealth, type Logger, type ReadyCheck, type Traces } from '#platform';
import { RedisError } from '#redis';
import type { BrandOf } from './brand-of-host.ts';
import type { PageRoute, Who } from './http/page-route.ts';
import type { SiteRequest } from './http/site-request.ts';
import { streamAnswer, type Download } from './http/stream-answer.ts';
import { errorPage } from './pages/error/view.tsx';
import { helpOfPath } from './pages/help/help-of-path.ts';
import type { Pages } from './site.module.ts';
import { page } from './ui/page.tsx';

/** The parts that the site is made of. */
export interface SiteParts {
  readonly pages: Pages;
  /** Lets through who may ask for a page; see `admit`. */
  readonly admit: Middleware<SiteRequest>;
  readonly brandOf: BrandOf;
  /** Whether a socket's address is one of our proxies. */
  readonly isProxy: (address: string) => boolean;
  readonly assets: Assets;
  readonly checks: Readonly<Record<string, ReadyCheck>>;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly traces?: Traces | undefined;
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

/** The site as a Nest application that does not listen yet. */
export async function createApp(parts: SiteParts): Promise<NestExpressApplication> {
  const { pages, admit, assets, brandOf, checks, isProxy, logger, registry, traces } = parts;
  const app = await createPagesApp<Who, SiteRequest, Download>({
    module: pages.module,
    routes: [...pages.routes, ...OTHER_ROUTES],
    assets,
    isProxy,
    before: (request) => {
      request.brand = brandOf(request.headers.host);
    },
    isHidden: ({ socket }, { who }) => who === 'inside' && isProxy(socket.remoteAddress ?? ''),
    admit,
    render: ({ brand, shownLogin, url = '' }, content) => {
      const help = helpOfPath(url.split('?', 1)[0] ?? '');
      return page(content, { brand, assets, help, ...(shownLogin && { login: shownLogin }) });
    },
    errorPage: ({ brand, shownLogin }, error) => errorPage(error, brand, shownLogin),
    write: (request, response, answer, writePage) =>
      'stream' in answer ? streamAnswer(request, response, answer) : writePage(answer),
    outageOf,
    record: recordAnswers({ logger, registry, traces }),
    logger,
  });
  serveHealth(app.getHttpAdapter(), { checks, registry });
  return app.init();
}

function outageOf(cause: unknown): Outage {
  if (cause instanceof RedisError)
    return { server: 'Redis', needsPerson: cause.code === 'REDIS_REFUSES_WRITES' };
  if (cause instanceof FaxDocumentsError)
    return { server: 'FAX documents', needsPerson: cause.code === 'FAX_STORE_REFUSES' };
  return { ...(cause instanceof KafkaError && { server: 'Kafka' }), needsPerson: false };
}
