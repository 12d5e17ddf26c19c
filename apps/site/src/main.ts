import 'reflect-metadata';
import { maskSecrets } from '#events';
import { loadBrands } from '#mail';
import { requireUsable, runApp } from '#platform';
import { REQUIRED } from './site-environment.ts';
import { startSite } from './start-site.ts';

await runApp({
  name: 'site',
  requires: REQUIRED,
  check: ({ NOTIFY_BRANDS_DIR }) => requireUsable('NOTIFY_BRANDS_DIR', NOTIFY_BRANDS_DIR, loadBrands),
  maskSecrets,
  start: async (environment, logger, fatal) => {
    const site = await startSite(environment, logger, fatal);
    return { url: site.url, close: () => site.close() };
  },
});
