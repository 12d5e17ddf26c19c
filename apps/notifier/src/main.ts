import 'reflect-metadata';
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
import { REQUIRED } from './notifier-environment.ts';
import { startNotifier } from './start-notifier.ts';

const environment = exitOnBadEnvironment(() => {
  const loaded = loadEnvironment(REQUIRED);
  requireUsable('NOTIFY_BRANDS_DIR', loaded.NOTIFY_BRANDS_DIR, loadBrands);
  return loaded;
});
const logger = createLogger({
  app: 'notifier',
  level: environment.LOG_LEVEL,
  mask: maskSecrets(secretsIn(environment)),
});
const fatal = (error: unknown): never => {
  logger.fatal({ err: error }, error instanceof Error ? error.message : 'cannot work');
  process.exit(exitCodeOf(error));
};

try {
  const notifier = await startNotifier(environment, logger, fatal);
  endInOrder(() => notifier.close(), { logger });
  logger.info({ url: notifier.url }, 'Health and metrics answer');
  await notifier.joined;
  logger.info({ url: notifier.url, lanes: environment.NOTIFY_LANES }, 'The notifier works');
} catch (error) {
  fatal(error);
}
