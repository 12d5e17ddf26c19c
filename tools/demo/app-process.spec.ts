import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../stack/free-ports.ts';
import { isAlive, type ProcessRef } from '../stack/process-ref.ts';
import { startApp, type AppProcess } from './app-process.ts';

/** An app that ignores SIGTERM; it is ready unless `NOT_READY` is set. */
const APP = `
  process.on('SIGTERM', () => undefined);
  require('node:http')
    .createServer((_, answer) => answer.writeHead(process.env.NOT_READY ? 503 : 200).end())
    .listen(Number(process.env.HTTP_PORT), process.env.HTTP_HOST);`;

const { signal } = new AbortController();
const running: AppProcess[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demo-app-'));
  await writeFile(path.join(folder, 'app.cjs'), APP);
});

afterAll(async () => {
  await Promise.all(running.map((app) => app.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(environment = {}, until = signal): Promise<AppProcess> {
  const [port = 0] = await freePorts(1);
  const program = path.join(folder, 'app.cjs');
  const app = await startApp({ name: 'notifier', program, port, environment, folder }, until);
  running.push(app);
  return app;
}

async function recorded(): Promise<ProcessRef> {
  return JSON.parse(await readFile(path.join(folder, 'notifier.process.json'), 'utf8')) as ProcessRef;
}

it('an app left behind by a killed demo is ended when the next demo starts its own', async () => {
  await start();
  const left = await recorded();
  expect(await isAlive(left)).toBe(true);
  const { url } = await start();
  expect(await isAlive(left)).toBe(false);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

it('an app that ignores SIGTERM is killed', async () => {
  const app = await start();
  const ref = await recorded();
  await app.stop();
  expect(await isAlive(ref)).toBe(false);
});

it('an app interrupted during its start leaves no process', async () => {
  const controller = new AbortController();
  const before = await recorded();
  const starting = start({ NOT_READY: 'yes' }, controller.signal).catch(String);
  let ref = before;
  while (ref.pid === before.pid) ref = await recorded().catch(() => before);
  controller.abort();
  expect(await starting).toMatch(/abort/);
  expect(await isAlive(ref)).toBe(false);
});

it('an app that exits at once is reported with the end of its log', async () => {
  const starting = start({ NODE_OPTIONS: '--no-such-flag' });
  await expect(starting).rejects.toThrow(/The notifier ended while it started.*no-such-flag/s);
});
