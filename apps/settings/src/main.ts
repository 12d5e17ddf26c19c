import 'reflect-metadata';
import { z } from 'zod';
import { maskSecrets } from '#events';
import { loadBrands } from '#mail';
import {
  createLogger,
  endInOrder,
  exitCodeOf,
  exitOnBadEnvironment,
  loadEnvironment,
  requireUsable,
  secretsIn,
} from '#platform';
import { REQUIRED, startSettings } from './start-settings.ts';

// Schemas are made for each request (what is stored decides): compiling them takes longer than checking one document.
z.config({ jitless: true });

const environment = exitOnBadEnvironment(() => {
  const loaded = loadEnvironment(REQUIRED);
  requireUsable('NOTIFY_BRANDS_DIR', loaded.NOTIFY_BRANDS_DIR, loadBrands);
  return loaded;
});
const logger = createLogger({
  app: 'settings',
  level: environment.LOG_LEVEL,
  mask: maskSecrets(secretsIn(environment)),
});
const fatal = (error: unknown): never => {
  logger.fatal({ err: error }, error instanceof Error ? error.message : 'cannot work');
  process.exit(exitCodeOf(error));
};

try {
  const settings = await startSettings(environment, logger, fatal);
  endInOrder(() => settings.close(), { logger });
  logger.info({ url: settings.url }, 'The settings API works');
} catch (error) {
  fatal(error);
}
