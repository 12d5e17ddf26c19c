import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isAlive, processRef } from './process-ref.ts';
import { dataFolder, killServer, serverPid, startServer, stopServer, type ServerPlan } from './server.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'server-'));
});

afterEach(async () => {
  await killServer(folder);
  await rm(folder, { recursive: true, force: true });
});

/** A server that counts its starts in `data/starts` and says that it is ready. */
const COUNTING = `
  const fs = require('node:fs');
  fs.appendFileSync('data/starts', 'x');
  process.on('SIGTERM', () => { fs.appendFileSync('data/ends', 'x'); process.exit(0); });
  console.log('at your service');
  setInterval(() => {}, 1000);`;

function plan(script: string, more: Partial<ServerPlan> = {}): ServerPlan {
  return {
    name: 'Test',
    folder,
    command: process.execPath,
    args: ['-e', script],
    readyWhen: ['at your service'],
    ...more,
  };
}

function data(name: string): Promise<string> {
  return readFile(path.join(dataFolder(folder), name), 'utf8').catch(() => '');
}

describe('a server', () => {
  it('runs from start to stop, and ends in order', async () => {
    await startServer(plan(COUNTING));
    expect(await serverPid(folder)).toBeGreaterThan(1);
    await stopServer(folder);
    expect(await serverPid(folder)).toBeUndefined();
    expect(await data('ends')).toBe('x');
  });

  it('that is frozen is ended by force when its time is up', async () => {
    await startServer(plan(COUNTING));
    const pid = (await serverPid(folder)) ?? 0;
    const ref = await processRef(pid);
    process.kill(pid, 'SIGSTOP');
    await stopServer(folder, 100);
    expect(ref !== undefined && (await isAlive(ref))).toBe(false);
    expect(await data('ends')).toBe('');
  });

  it('is started once, however often it is asked for', async () => {
    await startServer(plan(COUNTING));
    const pid = await serverPid(folder);
    await startServer(plan(COUNTING));
    expect(await serverPid(folder)).toBe(pid);
    expect(await data('starts')).toBe('x');
  });

  it('comes back on its data after a power cut', async () => {
    await startServer(plan(COUNTING));
    await killServer(folder);
    expect(await data('ends')).toBe('');
    await startServer(plan(COUNTING));
    expect(await data('starts')).toBe('xx');
  });

  it('is not ready by what it said in an earlier life', async () => {
    await startServer(plan(COUNTING));
    await stopServer(folder);
    await expect(startServer(plan('console.log("no"); process.exit(1)'))).rejects.toThrow(
      /ended while it started/,
    );
  });

  it('that cannot start is an error with the end of its log', async () => {
    const start = startServer(plan('console.error("no space left on device"); process.exit(3)'));
    await expect(start).rejects.toThrow(/Test ended while it started.*no space left on device/s);
    expect(await serverPid(folder)).toBeUndefined();
  });

  it('whose port is taken says so in a way that a program can act on', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = JSON.stringify(taken.address());
    const start = startServer(plan(`require('node:net').createServer().listen(${address})`));
    await expect(start).rejects.toMatchObject({ code: 'port-in-use', retryable: true });
    taken.close();
    await once(taken, 'close');
  });

  it('that is interrupted while it starts leaves no process', async () => {
    const controller = new AbortController();
    const began = path.join(folder, 'began');
    const start = startServer(
      plan(
        `require('node:fs').writeFileSync(${JSON.stringify(began)}, String(process.pid)); setInterval(() => {}, 1000)`,
      ),
      controller.signal,
    );
    const failure = start.catch(String);
    let pid = 0;
    while (pid === 0) pid = Number(await readFile(began, 'utf8').catch(() => '0'));
    const ref = await processRef(pid);
    controller.abort();
    expect(await failure).toMatch(/aborted/);
    expect(ref !== undefined && (await isAlive(ref))).toBe(false);
  });

  it('that another process took the id of is not ours to stop', async () => {
    await writeFile(
      path.join(folder, 'process.json'),
      JSON.stringify({ pid: process.pid, began: 'long ago' }),
    );
    expect(await serverPid(folder)).toBeUndefined();
    await stopServer(folder);
    await expect(access(path.join(folder, 'process.json'))).rejects.toThrow(/ENOENT/);
  });
});
