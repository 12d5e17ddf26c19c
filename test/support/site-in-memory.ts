import type { AccessDeps } from '#access';
import { BRANDS_DIR, loadBrands, type Brands } from '#mail';
import { ASSETS_DIR, loadAssets, trustedProxies } from '#pages';
import { createRegistry } from '#platform';
import type { OutcomeHistory, Uploads, WaitingUpload } from '#redis';
import type { TestMailVerdict } from '#settings';
import { brandOfHost } from '../../apps/site/src/brand-of-host.ts';
import { createApp } from '../../apps/site/src/create-app.ts';
import { admit } from '../../apps/site/src/http/admit.ts';
import type { PageRoute } from '../../apps/site/src/http/page-route.ts';
import type { FaxDeps } from '../../apps/site/src/pages/received-faxes/controller.ts';
import { createSiteMetrics } from '../../apps/site/src/site-metrics.ts';
import { sitePages, type PageParts } from '../../apps/site/src/site.module.ts';
import { createScene, type Scene } from '../../libs/access/testing/access-scene.ts';
import { InMemorySettingsRepository } from '../../libs/settings/testing/in-memory-settings-repository.ts';
import { closeLater } from './close-later.ts';
import { testLogger } from './run-log.ts';

/** The site in this process, on accounts in memory and with a clock to turn. */
export interface SiteInMemory {
  readonly url: string;
  readonly routes: readonly PageRoute[];
  readonly log: readonly string[];
  /** What stands behind the logins now; each test may set its own. */
  scene: Scene;
  /** What stands behind the pages of services; each test may set its own. */
  settings: InMemorySettingsRepository;
  /** The FAXes that numbers received, whoever has them, and their documents; each test may set its own. */
  faxes: FaxDeps;
  /** What became of events; each test may set its own. */
  history: Pick<OutcomeHistory, 'ofNumber'>;
  /** How many seconds a line has to wait until another CSV is looked at. */
  uploadWait: number;
  /** What the limits of test mails (C12) answer, and the addresses that test mails were sent to. */
  readonly testMails: { verdict: TestMailVerdict; isKafkaAway: boolean; readonly sent: string[] };
}

/** Starts the site on the accounts of a scene; it is closed after the file. */
export async function startSiteInMemory(proxies: readonly string[] = []): Promise<SiteInMemory> {
  const site = {
    scene: createScene(),
    settings: new InMemorySettingsRepository(),
    faxes: NO_FAXES,
    history: NOTHING,
    uploadWait: 0,
    testMails: { verdict: TAKEN, isKafkaAway: false, sent: [] },
  };
  // The pages ask for each part when they need it, so that another scene may take the place of the one before.
  const access = new Proxy({} as AccessDeps, {
    get: (_, name) => Reflect.get(site.scene.deps, name) as unknown,
  });
  const brands = loadBrands(BRANDS_DIR);
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  const logger = testLogger({ app: 'site', level: 'debug', destination });
  const registry = createRegistry({ app: 'site', version: '0' });
  const metrics = createSiteMetrics(registry);
  const pages = sitePages({ access, brands, logger, metrics, ...partsOf(site, brands) });
  const app = await createApp({
    pages,
    admit: admit({ access, brands }),
    brandOf: brandOfHost(brands),
    isProxy: trustedProxies(proxies),
    assets: loadAssets(ASSETS_DIR),
    checks: {},
    registry,
    logger,
  });
  await app.listen(0, '127.0.0.1');
  closeLater(() => app.close());
  return Object.assign(site, {
    url: await app.getUrl(),
    routes: pages.routes,
    log,
  });
}

const NO_FAXES: FaxDeps = { index: { ofNumber: async () => [] } };
const NOTHING: SiteInMemory['history'] = { ofNumber: async () => ({ items: [], nextCursor: null }) };
const TAKEN: TestMailVerdict = { ok: true, giveBack: async () => undefined };

/** Parts that keep what they are told in memory; nothing has happened yet. */
function partsOf(
  site: Pick<SiteInMemory, 'settings' | 'history' | 'faxes' | 'testMails' | 'uploadWait'>,
  brands: Brands,
): Pick<PageParts, 'settings' | 'testMails' | 'history' | 'faxes' | 'uploads'> {
  const repository = new Proxy(site.settings, {
    get: (_, name) => {
      const part = Reflect.get(site.settings, name) as unknown;
      return typeof part === 'function' ? (part.bind(site.settings) as unknown) : part;
    },
  });
  return {
    settings: { repository, brands },
    testMails: {
      repository,
      limits: { take: async () => site.testMails.verdict },
      publish: async ({ recipient }, id) => {
        if (site.testMails.isKafkaAway)
          throw Object.assign(new Error('away'), { code: 'away', retryable: true });
        site.testMails.sent.push(recipient);
        return { eventSource: 'test', eventId: id };
      },
      now: Date.now,
    },
    faxes: new Proxy({} as FaxDeps, { get: (_, name) => Reflect.get(site.faxes, name) as unknown }),
    uploads: { ...uploadsInMemory(), take: async () => site.uploadWait },
    history: {
      keep: async () => undefined,
      ofNumber: (query) => site.history.ofNumber(query),
      ofEvent: async () => [],
    },
  };
}

/** Uploads that wait until the process ends. */
function uploadsInMemory(): Omit<Uploads, 'take'> {
  const waiting = new Map<string, WaitingUpload>();
  const keyOf = (login: string, purpose: string): string => `${login} ${purpose}`;
  return {
    keep: async (login, purpose, upload) => void waiting.set(keyOf(login, purpose), upload),
    find: async (login, purpose) => waiting.get(keyOf(login, purpose)),
    forget: async (login, purpose) => void waiting.delete(keyOf(login, purpose)),
  };
}
