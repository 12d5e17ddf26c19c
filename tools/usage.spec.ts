import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
/** Every npm script that runs a program of ours from its source; `npm test` hands its arguments to jest. */
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const [, program] = /^exec node tools\/launch\.mjs ((?:tools|test)\/\S+\.ts)$/.exec(script) ?? [];
  return program === undefined || name === 'test' ? [] : [[name, program] as const];
});

function run(program: string, ...args: readonly string[]): { code: number | null; said: string } {
  const node = ['--conditions=source', program, ...args];
  const { status, stderr } = spawnSync(process.execPath, node, { cwd: root, encoding: 'utf8' });
  return { code: status, said: stderr };
}

describe('wrong arguments', () => {
  it('are tried with every command', () => {
    expect(commands.map(([name]) => name)).toEqual([
      'demo',
      'stack',
      'build',
      'release',
      'ops',
      'bench',
      'chaos',
      'outages',
      'docs',
    ]);
  });

  it.each([...commands, ['switch', 'apps/switch/src/main.ts'] as const])(
    'end `npm run %s` with 2, and no stack',
    (_, program) => {
      const { code, said } = run(program, '--no-such-flag');
      expect(code).toBe(2);
      expect(said).toContain('--no-such-flag');
      expect(said).not.toMatch(/^ {4}at /m);
    },
  );

  it.each([
    ['tools/stack/stack.ts', 'upp'],
    ['tools/ops/ops.ts', 'why'],
    ['tools/ops/ops.ts', 'dlq', 'replay', 'an-id', '--since', 'yesterday'],
    ['tools/ops/ops.ts', 'faults', 'abc'],
    ['tools/ops/ops.ts', 'sizing', '--busy-hour-share', '7'],
    ['tools/ops/ops.ts', 'preview', 'test', '--brand', 'nobody'],
    ['test/bench/bench.ts', '--only', 'mailing,nothing'],
    ['test/chaos/chaos.ts', '--only', 'no-such-fault'],
    ['test/operation/outages/outages.ts', '--only', 'no-such-outage'],
  ])('end %s %s with 2', (program, ...args) => {
    expect(run(program, ...args).code).toBe(2);
  });

  it('end `ops seal` with 2 when a flag holds no code, without repeating it', () => {
    const key = Buffer.alloc(32).toString('base64');
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--conditions=source', 'tools/ops/ops.ts', 'seal', 'e-1', '--code', '12 34'],
      { cwd: root, encoding: 'utf8', env: { ...process.env, SEAL_KEYS: `k1:${key}` } },
    );
    expect(status).toBe(2);
    expect(stderr).not.toContain('12 34');
  });

  it.each(['tools/stack/stack.ts', 'tools/ops/ops.ts', 'apps/switch/src/main.ts'])(
    'are none when help is asked for: %s',
    (program) => {
      expect(run(program, '--help').code).toBe(0);
    },
  );
});
