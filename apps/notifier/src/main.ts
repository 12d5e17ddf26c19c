import 'reflect-metadata';
import { maskSecrets } from '#events';
import { loadBrands } from '#mail';
import { requireUsable, runApp } from '#platform';
import { REQUIRED } from './notifier-environment.ts';
import { startNotifier } from './start-notifier.ts';

await runApp({
  name: 'notifier',
  requires: REQUIRED,
  check: ({ NOTIFY_BRANDS_DIR }) => requireUsable('NOTIFY_BRANDS_DIR', NOTIFY_BRANDS_DIR, loadBrands),
  maskSecrets,
  start: async (environment, logger, fatal) => {
    const notifier = await startNotifier(environment, logger, fatal);
    const { url, joined } = notifier;
    joined.then(() => logger.info({ url, lanes: environment.NOTIFY_LANES }, 'The notifier works'), fatal);
    return { url, close: () => notifier.close() };
  },
});
