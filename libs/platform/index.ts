export { configurationPage } from './configuration-page.ts';
export { type Environment, type VariableName } from './environment-schema.ts';
export type { ApiToken } from './environment-values.ts';
export { notReadyBecause, serveHealth, type Health, type ReadyCheck, type Routes } from './health.ts';
export { kafkaAccess } from './kafka-access.ts';
export {
  exitOnBadEnvironment,
  loadEnvironment,
  requireUsable,
  type EnvironmentWith,
} from './load-environment.ts';
export { createLogger, nestLogger, type Logger, type LoggerOptions } from './logger.ts';
export { maskAddress, scrub } from './mask.ts';
export { HTTP_SECONDS } from './http-seconds.ts';
export { BUILD_INFO, createRegistry } from './metrics.ts';
export { secretsIn } from './secrets.ts';
export { programVersion } from './program-version.ts';
export { recordAnswers, type RecordAnswer } from './record-answers.ts';
export { runApp } from './run-app.ts';
export { openTraces } from './traces/open-traces.ts';
export type { Traces } from './traces/traces.ts';
export { tokenOwners } from './token-owners.ts';
export { keepRepeating } from './keep-repeating.ts';
export { exitCodeOf, untilItWorks } from './until-it-works.ts';
