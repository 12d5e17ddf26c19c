import type { AccessDeps } from '#access';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createRegistry } from '#platform';
import { brandOfHost } from '../../apps/site/src/brand-of-host.ts';
import { createApp } from '../../apps/site/src/create-app.ts';
import { admit } from '../../apps/site/src/http/admit.ts';
import type { PageRoute } from '../../apps/site/src/http/route-table.ts';
import { trustedProxies } from '../../apps/site/src/http/trusted-proxies.ts';
import { sitePages } from '../../apps/site/src/site.module.ts';
import { ASSETS_DIR, loadAssets } from '../../apps/site/src/ui/assets.ts';
import { createScene, type Scene } from '../../libs/access/testing/access-scene.ts';
import { closeLater } from './close-later.ts';
import { testLogger } from './run-log.ts';

/** The site in this process, on accounts in memory and with a clock to turn. */
export interface SiteInMemory {
  readonly url: string;
  readonly routes: readonly PageRoute[];
  readonly log: readonly string[];
  /** What stands behind the pages now; each test may set its own. */
  scene: Scene;
}

/** Starts the site on the accounts of a scene; it is closed after the file. */
export async function startSiteInMemory(proxies: readonly string[] = []): Promise<SiteInMemory> {
  const site = { scene: createScene() };
  // The pages ask for each part when they need it, so that another scene may take the place of the one before.
  const access = new Proxy({} as AccessDeps, {
    get: (_, name) => Reflect.get(site.scene.deps, name) as unknown,
  });
  const brands = loadBrands(BRANDS_DIR);
  const log: string[] = [];
  const logger = testLogger({
    app: 'site',
    level: 'debug',
    destination: { write: (line) => void log.push(line) },
  });
  const pages = sitePages({ access, brands, logger });
  const app = await createApp({
    pages,
    admit: admit({ access, brands }),
    brandOf: brandOfHost(brands),
    isProxy: trustedProxies(proxies),
    assets: loadAssets(ASSETS_DIR),
    checks: {},
    registry: createRegistry({ app: 'site', version: '0' }),
    logger,
  });
  await app.listen(0, '127.0.0.1');
  closeLater(() => app.close());
  return Object.assign(site, { url: await app.getUrl(), routes: pages.routes, log });
}
