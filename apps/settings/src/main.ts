import 'reflect-metadata';
import { createLogger, endInOrder, exitOnBadEnvironment, loadEnvironment } from '#platform';
import { REQUIRED, startSettings } from './start-settings.ts';

const environment = exitOnBadEnvironment(() => loadEnvironment(REQUIRED));
const logger = createLogger({ app: 'settings', level: environment.LOG_LEVEL });

try {
  const settings = await startSettings(environment, logger);
  endInOrder(() => settings.close(), { logger });
  logger.info({ url: settings.url }, 'The settings API works');
} catch (error) {
  logger.fatal({ err: error }, 'cannot start');
  process.exit(1);
}
