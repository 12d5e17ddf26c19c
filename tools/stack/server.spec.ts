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

/** A server that records its starts in `data/starts` and its graceful stops in `data/ends`. */
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
  it('runs from start to stop, and stops gracefully', async () => {
    await startServer(plan(COUNTING));
    expect(await serverPid(folder)).toBeGreaterThan(1);
    await stopServer(folder);
    expect(await serverPid(folder)).toBeUndefined();
    expect(await data('ends')).toBe('x');
  });

  it('that is frozen is killed when the time is up', async () => {
    await startServer(plan(COUNTING));
    const pid = (await serverPid(folder)) ?? 0;
    const ref = await processRef(pid);
    process.kill(pid, 'SIGSTOP');
    await stopServer(folder, 100);
    expect(ref !== undefined && (await isAlive(ref))).toBe(false);
    expect(await data('ends')).toBe('');
  });

  it('is started only once', async () => {
    await startServer(plan(COUNTING));
    const pid = await serverPid(folder);
    await startServer(plan(COUNTING));
    expect(await serverPid(folder)).toBe(pid);
    expect(await data('starts')).toBe('x');
  });

  it('restarts on its data after a kill', async () => {
    await startServer(plan(COUNTING));
    await killServer(folder);
    expect(await data('ends')).toBe('');
    await startServer(plan(COUNTING));
    expect(await data('starts')).toBe('xx');
  });

  it("is not considered ready because of an earlier run's log", async () => {
    await startServer(plan(COUNTING));
    await stopServer(folder);
    await expect(startServer(plan('console.log("no"); process.exit(1)'))).rejects.toThrow(/Test ended/);
  });

  it('that cannot start is reported with the end of its log', async () => {
    const start = startServer(plan('console.error("no space left on device"); process.exit(3)'));
    await expect(start).rejects.toThrow(/Test ended (?:at once|while it started).*no space left on device/s);
    expect(await serverPid(folder)).toBeUndefined();
  });

  it('whose port is taken is reported with an error code of its own', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = JSON.stringify(taken.address());
    const start = startServer(plan(`require('node:net').createServer().listen(${address})`));
    await expect(start).rejects.toMatchObject({ code: 'port-in-use', retryable: true });
    taken.close();
    await once(taken, 'close');
  });

  it('interrupted during its start leaves no process', async () => {
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

  it('is not signalled when its process id was reused', async () => {
    await writeFile(
      path.join(folder, 'process.json'),
      JSON.stringify({ pid: process.pid, began: 'long ago' }),
    );
    expect(await serverPid(folder)).toBeUndefined();
    await stopServer(folder);
    await expect(access(path.join(folder, 'process.json'))).rejects.toThrow(/ENOENT/);
  });
});
