import { appendFileSync } from 'node:fs';
import path from 'node:path';
import {
  createLogger,
  loadEnvironment,
  secretsIn,
  type EnvironmentWith,
  type Logger,
  type LoggerOptions,
  type VariableName,
} from '#platform';
import { LOGS_FOLDER_VARIABLE, SECRETS_FILE } from '../../tools/run-secrets.ts';

// `npm test` sets this folder and searches its logs for secrets at the end of the run.
const folder = process.env[LOGS_FOLDER_VARIABLE];
const logFile = `${process.pid}.log`;

/** Keeps output of an app for the search at the end of the run. */
export function keepLog(text: string | Buffer): void {
  if (folder !== undefined) appendFileSync(path.join(folder, logFile), text);
}

/** A logger like the apps', whose lines are searched for secrets at the end of the run. */
export function testLogger({ destination, ...options }: LoggerOptions): Logger {
  const write = (line: string): void => {
    keepLog(line);
    (destination ?? process.stdout).write(line);
  };
  return createLogger({ ...options, destination: { write } });
}

/** Loads an app's environment and registers its secrets, which must not appear in any log of the run. */
export function testEnvironment<const K extends VariableName>(
  requires: readonly K[],
  variables: Readonly<Record<string, string>>,
): EnvironmentWith<K> {
  const environment = loadEnvironment(requires, variables);
  secretsIn(environment).forEach(aSecret);
  return environment;
}

/** Registers a secret that must not appear in any log of the run. At least 8 characters: shorter ones occur by chance. */
export function aSecret(secret: string): string {
  if (secret.length < 8) throw new RangeError('a secret of the tests: expected at least 8 characters');
  if (folder !== undefined) appendFileSync(path.join(folder, SECRETS_FILE), `${JSON.stringify(secret)}\n`);
  return secret;
}
