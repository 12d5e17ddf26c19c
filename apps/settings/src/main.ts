import 'reflect-metadata';
import { z } from 'zod';
import { maskSecrets } from '#events';
import { loadBrands } from '#mail';
import { requireUsable, runApp } from '#platform';
import { REQUIRED } from './settings-environment.ts';
import { startSettings } from './start-settings.ts';

// Schemas are made for each request (what is stored decides): compiling them takes longer than checking one document.
z.config({ jitless: true });

await runApp({
  name: 'settings',
  requires: REQUIRED,
  check: ({ NOTIFY_BRANDS_DIR }) => requireUsable('NOTIFY_BRANDS_DIR', NOTIFY_BRANDS_DIR, loadBrands),
  maskSecrets,
  start: async (environment, logger, fatal) => {
    const settings = await startSettings(environment, logger, fatal);
    return { url: settings.url, close: () => settings.close() };
  },
});
