import { globSync, readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';
import { LOG_MESSAGES } from '../../tools/docs/log-messages.ts';

const SHOWN = ['fatal', 'error', 'warn', 'info'];
const LEVELS = [...SHOWN, 'debug', 'trace'];

type Node = Readonly<Record<string, unknown>>;

/** A call of a logger: its levels (`any` where they are a variable's), and its message unless that is no literal. */
interface LogCall {
  readonly file: string;
  readonly levels: readonly string[];
  readonly message: string | undefined;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const child = (node: unknown, name: string): unknown => (isNode(node) ? node[name] : undefined);

function* nodesIn(value: unknown): Generator<Node> {
  if (!isNode(value)) return;
  if (typeof value['type'] === 'string') yield value;
  for (const part of Object.values(value)) yield* nodesIn(part);
}

/** The last name of `log`, `this.log`, `this.#logger`, `options.connection.log`. */
function lastName(node: unknown): unknown {
  const last = child(node, 'type') === 'MemberExpression' ? child(node, 'property') : node;
  return child(last, 'value') ?? child(child(last, 'id'), 'value');
}

function levelsOf(property: unknown): readonly string[] {
  if (child(property, 'type') !== 'Computed') return [String(child(property, 'value'))];
  const literals = [...nodesIn(child(property, 'expression'))]
    .filter(({ type }) => type === 'StringLiteral')
    .map(({ value }) => String(value))
    .filter((text) => LEVELS.includes(text));
  return literals.length > 0 ? literals : ['any'];
}

function logCallsIn(file: string): LogCall[] {
  const syntax = { syntax: 'typescript', tsx: file.endsWith('.tsx'), decorators: true } as const;
  const calls = [...nodesIn(parseSync(readFileSync(file, 'utf8'), syntax))].filter(
    ({ type }) => type === 'CallExpression',
  );
  return calls.flatMap((call) => {
    const { callee } = call;
    if (child(callee, 'type') !== 'MemberExpression') return [];
    if (!['log', 'logger'].includes(String(lastName(child(callee, 'object'))))) return [];
    const levels = levelsOf(child(callee, 'property'));
    if (!levels.every((level) => level === 'any' || LEVELS.includes(level))) return [];
    const given = child((call['arguments'] as unknown[]).at(-1), 'expression');
    const message = child(given, 'type') === 'StringLiteral' ? String(child(given, 'value')) : undefined;
    return [{ file, levels, message }];
  });
}

const calls = globSync('{libs,apps}/**/*.{ts,tsx}')
  .filter((file) => !/\.spec\.tsx?$|\/testing\/|\.d\.ts$/.test(file))
  .flatMap(logCallsIn);

describe('the messages of the log', () => {
  it('are found in the code', () => {
    expect(calls.length).toBeGreaterThan(50);
  });

  it('are literals, so that each can be looked up: what differs is in fields', () => {
    expect(calls.filter(({ message }) => message === undefined)).toEqual([]);
  });

  it('are all in tools/docs/log-messages.yaml, at each level they are written at', () => {
    const listed = new Set(
      LOG_MESSAGES.flatMap(({ levels, message }) => ['any', ...levels].map((level) => `${level} ${message}`)),
    );
    const missing = calls.flatMap(({ file, levels, message }) =>
      levels
        .filter((level) => level === 'any' || SHOWN.includes(level))
        .map((level) => `${level} ${message}`)
        .filter((one) => !listed.has(one))
        .map((one) => `${file}: ${one}`),
    );
    expect(missing).toEqual([]);
  });

  it('are each logged somewhere, at each level that is listed, and listed once', () => {
    const logged = new Set(
      calls.flatMap(({ levels, message }) => levels.map((level) => `${level} ${message}`)),
    );
    const idle = LOG_MESSAGES.flatMap(({ levels, message }) =>
      levels
        .filter((level) => !logged.has(`${level} ${message}`) && !logged.has(`any ${message}`))
        .map((level) => `${level} ${message}`),
    );
    expect(idle).toEqual([]);
    const messages = LOG_MESSAGES.map(({ message }) => message);
    expect(messages.filter((one, index) => messages.indexOf(one) !== index)).toEqual([]);
  });

  it('of an app’s own files are listed for that app', () => {
    const wrong = calls.flatMap(({ file, message }) => {
      const app = /^apps\/([^/]+)/.exec(file)?.[1];
      const row = LOG_MESSAGES.find((one) => one.message === message);
      return app === undefined || row === undefined || (row.apps as readonly string[]).includes(app)
        ? []
        : [`${app} ${message}`];
    });
    expect(wrong).toEqual([]);
  });
});
