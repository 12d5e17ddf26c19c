import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localDown, localStatus, localUp } from './local-stack.ts';
import { killServer, serverPid } from './server.ts';

const LIMIT = 180_000;
const SERVERS = ['kafka', 'redis', 'inbox'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'local-stack-'));
});

afterAll(async () => {
  await localDown(folder, 5_000);
  await rm(folder, { recursive: true, force: true });
}, LIMIT);

const pids = (): Promise<(number | undefined)[]> =>
  Promise.all(SERVERS.map((server) => serverPid(path.join(folder, server))));

it(
  'restarts only the server that died, at its old address',
  async () => {
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    const addresses = await localUp(folder, say);
    const [kafka, redis, inbox] = await pids();
    await killServer(path.join(folder, 'redis'));
    expect(await localStatus(folder)).toBeUndefined();
    expect(await localUp(folder, say)).toEqual(addresses);
    const [kafkaNow, redisNow, inboxNow] = await pids();
    expect([kafkaNow, inboxNow]).toEqual([kafka, inbox]);
    expect(redisNow).toBeGreaterThan(0);
    expect(redisNow).not.toBe(redis);
    expect(said.at(-1)).toBe('Starting Redis');
    expect(await localUp(folder, say)).toEqual(addresses);
    expect(await pids()).toEqual([kafkaNow, redisNow, inboxNow]);
  },
  LIMIT,
);
