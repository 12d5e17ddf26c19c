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

// `npm test` names a folder, and looks at its end whether any secret stands in any log of it.
const folder = process.env[LOGS_FOLDER_VARIABLE];
const logFile = `${process.pid}.log`;

/** Keeps what an app wrote, for the search at the end of the run. */
export function keepLog(text: string | Buffer): void {
  if (folder !== undefined) appendFileSync(path.join(folder, logFile), text);
}

/** A logger as the apps have it, whose lines are searched for secrets at the end of the run. */
export function testLogger({ destination, ...options }: LoggerOptions): Logger {
  const write = (line: string): void => {
    keepLog(line);
    (destination ?? process.stdout).write(line);
  };
  return createLogger({ ...options, destination: { write } });
}

/** The environment of an app in a test, each of whose secrets may stand in no log of the run. */
export function testEnvironment<const K extends VariableName>(
  requires: readonly K[],
  variables: Readonly<Record<string, string>>,
): EnvironmentWith<K> {
  const environment = loadEnvironment(requires, variables);
  secretsIn(environment).forEach(aSecret);
  return environment;
}

/** Something that may stand in no log of the run: a code, a link. At least 8 characters, as chance writes shorter ones. */
export function aSecret(secret: string): string {
  if (secret.length < 8) throw new RangeError('a secret of the tests: expected at least 8 characters');
  if (folder !== undefined) appendFileSync(path.join(folder, SECRETS_FILE), `${JSON.stringify(secret)}\n`);
  return secret;
}
