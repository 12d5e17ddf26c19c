import 'reflect-metadata';
import { maskSecrets } from '#events';
import { loadBrands } from '#mail';
import { requireUsable, runApp } from '#platform';
import { REQUIRED, startVoice } from './start-voice.ts';

await runApp({
  name: 'voice',
  requires: REQUIRED,
  check: ({ NOTIFY_BRANDS_DIR }) => requireUsable('NOTIFY_BRANDS_DIR', NOTIFY_BRANDS_DIR, loadBrands),
  maskSecrets,
  start: async (environment, logger, fatal) => {
    const voice = await startVoice(environment, logger, fatal);
    return { url: voice.url, close: () => voice.close() };
  },
});
