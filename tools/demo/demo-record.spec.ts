import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  it('says that another one runs, as which process, and where its logs are', async () => {
    await demoOf(other.pid!);
    await expect(beTheOnlyDemo(folder)).rejects.toMatchObject({
      code: 'already-running',
      message: expect.stringMatching(
        new RegExp(`as process ${other.pid}: .*logs are in .*${path.basename(folder)}`),
      ),
    });
  });

  it('begins when there is none, when the last one was killed, and when its process id is used again', async () => {
    await beTheOnlyDemo(folder);
    await demoHasEnded(folder);
    await demoOf(other.pid!);
    other.kill('SIGKILL');
    await once(other, 'exit');
    await beTheOnlyDemo(folder);
    await writeFile(path.join(folder, 'demo.json'), JSON.stringify({ pid: process.pid, began: 'long ago' }));
    await expect(beTheOnlyDemo(folder)).resolves.toBeUndefined();
  });

  it('is one, when two begin at once', async () => {
    const both = await Promise.allSettled([beTheOnlyDemo(folder), beTheOnlyDemo(folder)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('ends what a killed demo left, by its recorded process, and nobody else', async () => {
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
