import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bringJars, type JarLock } from './maven-jars.ts';
import { StackError } from './stack-error.ts';

const JARS: Readonly<Record<string, Buffer>> = {
  '/org/example/first/1.0/first-1.0.jar': Buffer.from('the first jar'),
  '/org/example/deep/second/2.1/second-2.1.jar': Buffer.alloc(200_000, 7),
  '/org/example/first/1.0/first-1.0-all.jar': Buffer.from('the first jar with all others'),
};
const LOCK: JarLock = {
  'org.example:first:1.0': sha256(JARS['/org/example/first/1.0/first-1.0.jar']!),
  'org.example.deep:second:2.1': sha256(JARS['/org/example/deep/second/2.1/second-2.1.jar']!),
};

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

let folder: string;
let server: Server;
let repository: string;
let asked: string[];
/** How the repository fails; each request uses up one entry. */
let failures: ('status 503' | 'cut off' | 'wrong bytes')[];
const told: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'jars-'));
  asked = [];
  failures = [];
  server = createServer((request, response) => {
    const url = request.url ?? '';
    const jar = JARS[url];
    const failure = failures.shift();
    asked.push(url);
    if (failure === 'status 503' || jar === undefined) response.writeHead(jar ? 503 : 404).end('sorry');
    else if (failure === 'wrong bytes') response.end('<html>Log in to the network</html>');
    else if (failure === 'cut off') {
      response.writeHead(200, { 'content-length': jar.length });
      response.write(jar.subarray(0, 5), () => response.destroy());
    } else response.end(jar);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await rm(folder, { recursive: true, force: true });
});

function bring(lock = LOCK, signal?: AbortSignal): Promise<readonly string[]> {
  return bringJars(lock, { folder, repository, say: (text) => told.push(text), signal, pauseMs: 1 });
}

async function contents(files: readonly string[]): Promise<string[]> {
  return Promise.all(files.map(async (file) => sha256(await readFile(file))));
}

describe('bringJars', () => {
  it('downloads every jar of the lock and leaves no partial file', async () => {
    const files = await bring();
    expect(files.map((file) => path.relative(folder, file))).toEqual(['first-1.0.jar', 'second-2.1.jar']);
    expect(await contents(files)).toEqual(Object.values(LOCK));
    expect((await readdir(folder)).toSorted()).toEqual(['first-1.0.jar', 'second-2.1.jar']);
  });

  it('tells a jar with a classifier from the one without', async () => {
    const all = sha256(JARS['/org/example/first/1.0/first-1.0-all.jar']!);
    const files = await bring({ 'org.example:first:1.0:all': all });
    expect(files.map((file) => path.relative(folder, file))).toEqual(['first-1.0-all.jar']);
    expect(await contents(files)).toEqual([all]);
  });

  it('downloads nothing twice', async () => {
    await bring();
    asked = [];
    await bring();
    expect(asked).toEqual([]);
  });

  it.each(['changed', 'cut short', 'emptied'])(
    'detects a jar that was %s and downloads it again',
    async (how) => {
      const [first = '', second = ''] = await bring();
      const bytes = await readFile(second);
      const damaged = {
        changed: Buffer.alloc(bytes.length),
        'cut short': bytes.subarray(1),
        emptied: Buffer.of(),
      };
      await writeFile(second, damaged[how as keyof typeof damaged]);
      asked = [];
      expect(await contents(await bring())).toEqual(Object.values(LOCK));
      expect(asked).toEqual(['/org/example/deep/second/2.1/second-2.1.jar']);
      expect(await readFile(first, 'utf8')).toBe('the first jar');
    },
  );

  it.each(['status 503', 'cut off', 'wrong bytes'] as const)('retries after a failure: %s', async (one) => {
    failures = [one, one, one];
    expect(await contents(await bring())).toEqual(Object.values(LOCK));
  });

  it('gives every copy the same modification time, which Java compares with its class archive', async () => {
    const [first = ''] = await bring();
    const before = (await stat(first)).mtimeMs;
    await rm(first);
    await bring();
    expect((await stat(first)).mtimeMs).toBe(before);
  });

  it('gives up with the URL, the reason and a hint, and leaves no partial file', async () => {
    const failure = bring({ 'org.example:absent:9': 'f'.repeat(64) });
    await expect(failure).rejects.toThrow(StackError);
    await expect(failure).rejects.toThrow(
      /org\/example\/absent\/9\/absent-9\.jar: .*404.*MAVEN_REPOSITORY_URL/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('rejects bytes that do not match the lock, however often they come', async () => {
    const failure = bring({ 'org.example:first:1.0': '0'.repeat(64) });
    await expect(failure).rejects.toThrow(/SHA-256 is \w+, expected 0+/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('can run several times concurrently', async () => {
    const files = await Promise.all([bring(), bring(), bring()]);
    for (const each of files) expect(await contents(each)).toEqual(Object.values(LOCK));
    expect((await readdir(folder)).toSorted()).toEqual(['first-1.0.jar', 'second-2.1.jar']);
  });

  it('stops at once when it is interrupted', async () => {
    await expect(bring(LOCK, AbortSignal.abort())).rejects.toThrow(/aborted/);
    expect(await readdir(folder)).toEqual([]);
  });
});
