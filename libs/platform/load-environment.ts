import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import {
  environmentSchema,
  requiredBy,
  variables,
  type Environment,
  type VariableName,
} from './environment-schema.ts';
import { extraAuthoritiesProblem } from './extra-authorities.ts';
import { misspeltVariables } from './misspelt-variables.ts';

/** sysexits.h: the program was configured wrongly. */
const EX_CONFIG = 78;

/** The environment is invalid. `problems` has a line for each wrong variable, and no secret value. */
export class EnvironmentError extends Error {
  readonly code = 'bad-environment';
  readonly retryable = false;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'EnvironmentError';
    this.problems = problems;
  }
}

type Variables = Readonly<Record<string, string | undefined>>;
type ReadFile = (path: string) => string;
export type EnvironmentWith<K extends VariableName> = Environment & {
  readonly [P in K]-?: NonNullable<Environment[P]>;
};

const secrets = variables.filter(({ secret }) => secret).map(({ name }) => name);
const known = [...variables.map(({ name }) => name), ...secrets.map((name) => `${name}_FILE`)];

/**
 * Reads every variable in one place and checks them as a whole.
 * @param requires the variables that must be set for this app
 * @throws EnvironmentError with all problems
 */
export function loadEnvironment<const K extends VariableName>(
  requires: readonly K[],
  env: Variables = process.env,
  readFile: ReadFile = (path) => readFileSync(path, 'utf8'),
): EnvironmentWith<K> {
  const problems = misspeltVariables(env, known).map(
    ({ name, meant }) => `${name}: is not a variable of this program; did you mean ${meant}?`,
  );
  const authorities = extraAuthoritiesProblem(env, readFile);
  if (authorities !== undefined) problems.push(authorities);
  const { values, unreadable } = withSecretsOfFiles(env, readFile, problems);
  const result = environmentSchema.safeParse(values);
  const wrong = new Map<string, z.core.$ZodIssue>();
  for (const issue of result.error?.issues ?? [])
    if (!wrong.has(String(issue.path[0]))) wrong.set(String(issue.path[0]), issue);
  const needed: readonly VariableName[] = [...requires, ...requiredBy(values)];
  for (const variable of variables) {
    if (unreadable.has(variable.name)) continue;
    const issue = wrong.get(variable.name);
    const missing = values[variable.name] === undefined && needed.includes(variable.name);
    if (issue === undefined && !missing) continue;
    const why = issue?.code === 'custom' && issue.message !== '' ? ` (${issue.message})` : '';
    problems.push(`${variable.name}: ${held(variable, values)}, expected ${variable.expected}${why}`);
  }
  if (problems.length > 0 || result.data === undefined) throw new EnvironmentError(problems);
  return result.data as EnvironmentWith<K>;
}

/**
 * Checks that an app can use what a variable names; does nothing when it is not set.
 * @throws EnvironmentError when `use` throws
 */
export function requireUsable(
  name: VariableName,
  value: string | undefined,
  use: (value: string) => unknown,
): void {
  if (value === undefined) return;
  try {
    use(value);
  } catch (error) {
    const expected = variables.find((one) => one.name === name)?.expected ?? '';
    const why = error instanceof Error ? error.message.replaceAll('\n', '; ') : 'it cannot be used';
    throw new EnvironmentError([`${name}: holds ${JSON.stringify(value)}, expected ${expected} (${why})`]);
  }
}

function held({ name, secret }: { name: string; secret?: boolean }, values: Variables): string {
  const value = values[name];
  if (value === undefined) return 'is not set';
  if (secret) return 'holds a secret, not shown here';
  // Whoever writes a password where none belongs shall not read it in a log.
  return `holds ${JSON.stringify(value.replace(/\/\/[^/]*@/, '//…@'))}`;
}

/** An empty variable counts as not set, as `${NAME:-}` in a compose file makes it. */
function withSecretsOfFiles(
  env: Variables,
  readFile: ReadFile,
  problems: string[],
): { values: Variables; unreadable: Set<string> } {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const values: Record<string, string | undefined> = {};
  const unreadable = new Set<string>();
  for (const { name } of variables) values[name] = set(name);
  for (const name of secrets) {
    const path = set(`${name}_FILE`);
    if (path === undefined) continue;
    if (values[name] !== undefined) {
      problems.push(
        `${name}_FILE: holds ${JSON.stringify(path)}, expected nothing, since ${name} is set too`,
      );
      continue;
    }
    try {
      values[name] = readFile(path).trim();
      if (values[name] === '') throw Object.assign(new Error('empty'), { code: 'it is empty' });
    } catch (error) {
      unreadable.add(name);
      problems.push(
        `${name}_FILE: holds ${JSON.stringify(path)}, expected a file to read (${codeOf(error)})`,
      );
    }
  }
  return { values, unreadable };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** Returns an app's environment, or exits with 78 after printing one line for each problem on standard error. */
export function exitOnBadEnvironment<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(EX_CONFIG);
  }
}
