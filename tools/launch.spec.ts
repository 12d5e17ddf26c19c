import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

let folder: string;
let bin: string;

/** A checkout whose packages are missing, with a fake `npm` in front of the real one. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'launch-'));
  bin = path.join(folder, 'bin');
  await mkdir(bin);
  await mkdir(path.join(folder, 'tools'));
  await writeFile(path.join(folder, 'package-lock.json'), '{}');
  const launcher = fileURLToPath(new URL('launch.mjs', import.meta.url));
  await copyFile(launcher, path.join(folder, 'tools', 'launch.mjs'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Launches a program while `npm` is this shell script; signals it once npm has begun. */
async function launch(npm: string, signal?: NodeJS.Signals): Promise<{ code: number; said: string }> {
  await writeFile(path.join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
  await chmod(path.join(bin, 'npm'), 0o755);
  const child = spawn(process.execPath, [path.join(folder, 'tools', 'launch.mjs'), 'tools/none.ts'], {
    env: { PATH: `${bin}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = text(child.stderr);
  const ended = once(child, 'exit') as Promise<[number]>;
  if (signal) {
    await once(child.stderr, 'data');
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (part: Buffer) => part.includes('npm has begun') && resolve());
    });
    child.kill(signal);
  }
  return { code: (await ended)[0], said: await said };
}

describe('the launcher, while it installs the packages', () => {
  it('says that the registry may be out of reach when npm fails', async () => {
    const { code, said } = await launch('exit 1');
    expect(code).toBe(1);
    expect(said).toContain('Is a package registry reachable?');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('blames no registry when %s ends it', async (signal, expected) => {
    const { code, said } = await launch('echo npm has begun >&2; exec sleep 60', signal);
    expect(code).toBe(expected);
    expect(said).not.toContain('registry');
  });
});
