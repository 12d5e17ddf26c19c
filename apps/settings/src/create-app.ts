import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { Registry } from 'prom-client';
import {
  nestLogger,
  recordAnswers,
  serveHealth,
  type ApiToken,
  type ReadyCheck,
  type Traces,
} from '#platform';
import { RecordActions } from './actions/record-actions.ts';
import { bearerTokens } from './http/bearer-tokens.ts';
import { frontDoor, hasDocument, jsonBody } from './http/front-door.ts';
import { MAX_BODY_BYTES } from './http/json-body.ts';
import { ProblemFilter } from './http/problem-filter.ts';
import { routeTable } from './http/route-table.ts';
import { DOCS_PATHS, serveDocs } from './openapi/docs-page.ts';
import { openApiDocument } from './openapi/document.ts';
import { createOpsApp, mountOps, type OpsOptions } from './ops/create-ops-app.ts';
import { SettingsModule, type SettingsParts } from './settings.module.ts';

export interface AppOptions {
  readonly parts: SettingsParts;
  readonly tokens: readonly ApiToken[];
  readonly checks: Readonly<Record<string, ReadyCheck>>;
  readonly registry: Registry;
  readonly version: string;
  /** The operator's pages; without them there are none. */
  readonly ops?: OpsOptions;
  readonly traces?: Traces | undefined;
}

/** Paths outside of the API proper, each with `GET` alone. */
const OTHER_PATHS = ['/openapi.json', ...DOCS_PATHS, '/livez', '/readyz', '/metrics'];

/** The settings API, with the operator's pages beside it, as a Nest application that does not listen yet. */
export async function createApp({ parts, ...options }: AppOptions): Promise<NestExpressApplication> {
  const { tokens, checks, registry, version, ops, traces } = options;
  const { logger } = parts;
  const adapter = new ExpressAdapter();
  const app = await NestFactory.create<NestExpressApplication>(SettingsModule.of(parts), adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  // ETags are versions of settings; a digest of an answer would be taken for one.
  app.disable('etag');
  const document = openApiDocument(version);
  const others = Object.fromEntries(OTHER_PATHS.map((path) => [path, { get: {} }]));
  const routes = routeTable({ ...document.paths, ...others });
  const record = recordAnswers({ logger, registry, traces });
  if (ops) app.set('trust proxy', ops.isProxy);
  if (ops) app.use(mountOps(await createOpsApp(ops, record)));
  app.use(frontDoor({ routes, authenticate: bearerTokens(tokens), record }));
  serveHealth(adapter, { checks, registry });
  serveDocs(adapter, document);
  app.useBodyParser('raw', { type: hasDocument, limit: MAX_BODY_BYTES, inflate: false });
  app.use(jsonBody);
  app.useGlobalInterceptors(new RecordActions(parts.actionLog));
  app.useGlobalFilters(new ProblemFilter(logger));
  return app.init();
}
