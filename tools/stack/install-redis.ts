import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { cacheFolder } from './cache-folder.ts';
import { bringJars } from './maven-jars.ts';
import { runProgram } from './run-program.ts';
import { StackError } from './stack-error.ts';
import { canInstall, findProgram, installPackage } from './system-package.ts';

type Say = (text: string) => void;

/** A `redis-server` that this machine can run. */
export interface RedisInstallation {
  readonly command: string;
  readonly major: number;
  readonly minor: number;
}

const LOWEST_MAJOR = 7;
/** Contains Redis as built by Signal for their tests, for several systems. It is slower than a system's own package. */
const JAR = {
  'org.signal:embedded-redis:0.9.1': 'c01fe66ecf3b9d3161958e9a0e721aaf74ce98a909faca103fc8d09ff7617827',
};
const PROGRAM = 'redis-server-7.0.15';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', ia32: '386' };

async function redisAt(command: string, signal?: AbortSignal): Promise<RedisInstallation | undefined> {
  const version = await runProgram(command, ['--version'], { signal }).catch(() => '');
  signal?.throwIfAborted();
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) >= LOWEST_MAJOR ? { command, major: Number(major), minor: Number(minor) } : undefined;
}

async function onPath(signal?: AbortSignal): Promise<RedisInstallation | undefined> {
  const command = await findProgram('redis-server');
  return command === undefined ? undefined : redisAt(command, signal);
}

async function installed(say: Say, signal?: AbortSignal): Promise<RedisInstallation | undefined> {
  if (!(await canInstall())) return undefined;
  try {
    await installPackage('redis-server', say, signal);
  } catch (error) {
    signal?.throwIfAborted();
    say(`apt-get could not install Redis: ${String(error)}`);
  }
  return onPath(signal);
}

/** Extracts Redis from a jar of Maven Central, for users who may not install packages. Checks its hash each time. */
async function redisFromJar(say: Say, signal?: AbortSignal): Promise<RedisInstallation | undefined> {
  const name = `${PROGRAM}-${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  const folder = path.join(cacheFolder(), 'redis');
  const repository = process.env['MAVEN_REPOSITORY_URL'];
  const [jar = ''] = await bringJars(JAR, { folder, repository, say, signal });
  const program = unzipSync(await readFile(jar), { filter: (entry) => entry.name === name })[name];
  if (program === undefined) return undefined;
  const file = path.join(folder, name);
  const there = await readFile(file).catch(() => undefined);
  if (there === undefined || !there.equals(program)) {
    const unfinished = `${file}.${process.pid}`;
    await mkdir(folder, { recursive: true });
    await writeFile(unfinished, program, { mode: 0o755 });
    await rename(unfinished, file);
  }
  return redisAt(file, signal);
}

/** Finds Redis ≥ 7.0 on PATH, installs it, or extracts it from a jar, without prompting. Else rejects with instructions. */
export async function installRedis(say: Say, signal?: AbortSignal): Promise<RedisInstallation> {
  const found = (await onPath(signal)) ?? (await installed(say, signal)) ?? (await redisFromJar(say, signal));
  if (found !== undefined) return found;
  throw new StackError(
    'missing-program',
    `redis-server ${LOWEST_MAJOR}.0 or newer was not found on PATH, and none can be downloaded for ` +
      `${process.platform} on ${process.arch}. Install it (on Debian or Ubuntu: apt-get install redis-server; ` +
      'on macOS: brew install redis), or start a Docker engine and use STACK=docker.',
  );
}
