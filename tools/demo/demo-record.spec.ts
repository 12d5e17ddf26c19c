import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processRef } from '../stack/process-ref.ts';
import { beTheOnlyDemo, demoHasEnded, endLeftApp, recordApp } from './demo-record.ts';

let folder: string;
let other: ChildProcess;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demo-'));
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(other, 'spawn');
});

afterEach(async () => {
  if (other.exitCode === null && other.signalCode === null) {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

const demoOf = async (pid: number): Promise<void> =>
  writeFile(path.join(folder, 'demo.json'), JSON.stringify(await processRef(pid)));

describe('the demo of a checkout', () => {
  it('refuses to start while another runs, and names its process and its logs', async () => {
    await demoOf(other.pid!);
    await expect(beTheOnlyDemo(folder)).rejects.toMatchObject({
      code: 'already-running',
      message: expect.stringMatching(
        new RegExp(`as process ${other.pid}: .*logs are in .*${path.basename(folder)}`),
      ),
    });
  });

  it('starts when none runs, when the last one was killed, and when its process id was reused', async () => {
    await beTheOnlyDemo(folder);
    await demoHasEnded(folder);
    await demoOf(other.pid!);
    other.kill('SIGKILL');
    await once(other, 'exit');
    await beTheOnlyDemo(folder);
    await writeFile(path.join(folder, 'demo.json'), JSON.stringify({ pid: process.pid, began: 'long ago' }));
    await expect(beTheOnlyDemo(folder)).resolves.toBeUndefined();
  });

  it('starts once when several are started together, whatever a killed one left behind', async () => {
    const leftBehind = [
      undefined,
      '',
      '{}',
      JSON.stringify({ pid: other.pid, began: 'long ago' }),
      JSON.stringify({ pid: 2 ** 30, began: '1' }),
    ];
    for (const left of leftBehind) {
      if (left !== undefined) await writeFile(path.join(folder, 'demo.json'), left);
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => beTheOnlyDemo(folder)));
      const refused = all.filter(({ status }) => status === 'rejected');
      expect(refused).toEqual(
        Array.from({ length: 19 }, () => ({
          status: 'rejected',
          reason: expect.objectContaining({ code: 'already-running' }) as Error,
        })),
      );
      await demoHasEnded(folder);
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('starts after another was killed while it held the lock', async () => {
    await demoOf(other.pid!);
    await rename(path.join(folder, 'demo.json'), path.join(folder, 'demo.json.lock'));
    await writeFile(path.join(folder, 'demo.json'), JSON.stringify({ pid: other.pid, began: 'long ago' }));
    other.kill('SIGKILL');
    await once(other, 'exit');
    await expect(beTheOnlyDemo(folder)).resolves.toBeUndefined();
  });

  it('kills nothing when a record is incomplete', async () => {
    await recordApp(folder, 'notifier', 2 ** 30);
    await endLeftApp(folder, 'notifier');
    for (const record of ['', '{}', `{"pid":"${other.pid}"}`, `{"pid":${other.pid}}`]) {
      await writeFile(path.join(folder, 'notifier.process.json'), record);
      await endLeftApp(folder, 'notifier');
    }
    expect(other.signalCode).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it('kills the recorded process of a killed demo, and no other', async () => {
    await recordApp(folder, 'notifier', other.pid!);
    await endLeftApp(folder, 'settings');
    expect(other.signalCode).toBeNull();
    await writeFile(
      path.join(folder, 'settings.process.json'),
      JSON.stringify({ pid: other.pid, began: 'long ago' }),
    );
    await endLeftApp(folder, 'settings');
    expect(other.signalCode).toBeNull();
    const ended = once(other, 'exit');
    await endLeftApp(folder, 'notifier');
    await ended;
    expect(other.signalCode).toBe('SIGKILL');
  });
});
