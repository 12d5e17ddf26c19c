import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ASSETS_DIR, createPagesApp, loadAssets } from '#pages';
import type { RecordAnswer } from '#platform';
import { outageOf } from '../outage.ts';
import { admitOperator } from './http/admit-operator.ts';
import type { OpsRequest, OpsRoute, OpsWho } from './http/ops-request.ts';
import { OPS_ROUTES, opsModule, type OpsParts } from './ops.module.ts';
import { opsErrorPage } from './ui/ops-error-page.tsx';
import { opsPage } from './ui/ops-page.tsx';

/** The operator's pages as an app. */
export interface OpsOptions {
  readonly parts: OpsParts;
  /** Whether a socket's address is one of our proxies. */
  readonly isProxy: (address: string) => boolean;
}

const ASSETS_PATH = '/ops/assets';
const ASSETS_ROUTE: OpsRoute = { path: `${ASSETS_PATH}/:name`, methods: ['GET'], who: 'open' };

/**
 * The operator's pages, as what answers a request. They are an app of their own, so that no step of the API's is on their
 * way, and none of theirs on the API's: a cookie never opens the API, and a token in a header never a page.
 */
export async function createOpsApp(
  { parts, isProxy }: OpsOptions,
  record: RecordAnswer,
): Promise<RequestListener> {
  const assets = loadAssets(ASSETS_DIR, ASSETS_PATH);
  const app = await createPagesApp<OpsWho, OpsRequest>({
    module: opsModule(parts),
    routes: [...OPS_ROUTES, ASSETS_ROUTE],
    assets,
    isProxy,
    admit: admitOperator(parts.operators),
    render: ({ operator }, content) => opsPage(content, { assets, operator }),
    errorPage: (_, error) => opsErrorPage(error),
    outageOf,
    clientOf: ({ operator }) => operator?.name,
    record,
    logger: parts.logger,
  });
  await app.init();
  return app.getHttpAdapter().getInstance() as RequestListener;
}

type Step = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Gives the requests for the operator's pages to them, and leaves all others alone. */
export function mountOps(ops: RequestListener): Step {
  return (request, response, next) => {
    if (/^\/ops(?:[/?]|$)/.test(request.url ?? '')) ops(request, response);
    else next();
  };
}
