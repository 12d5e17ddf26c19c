import { runProgram } from './run-program.ts';
import { dataFolder, type ServerPlan } from './server.ts';
import { StackError } from './stack-error.ts';
import { canInstall, findProgram, installPackage } from './system-package.ts';

/** The `redis-server` of this machine. */
export interface RedisInstallation {
  readonly command: string;
  readonly major: number;
  readonly minor: number;
}

const LOWEST_MAJOR = 7;

async function lookForRedis(signal?: AbortSignal): Promise<RedisInstallation | undefined> {
  const command = await findProgram('redis-server');
  if (command === undefined) return undefined;
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(await runProgram(command, ['--version'], { signal })) ?? [];
  return Number(major) >= LOWEST_MAJOR ? { command, major: Number(major), minor: Number(minor) } : undefined;
}

/** Finds Redis ≥ 7.0 on PATH; installs it where that needs no question; else says how to get it. */
export async function findRedis(
  say: (text: string) => void,
  signal?: AbortSignal,
): Promise<RedisInstallation> {
  const found = await lookForRedis(signal);
  if (found !== undefined) return found;
  if (await canInstall()) {
    await installPackage('redis-server', say, signal);
    const installed = await lookForRedis(signal);
    if (installed !== undefined) return installed;
  }
  throw new StackError(
    'missing-program',
    `redis-server ${LOWEST_MAJOR}.0 or newer was not found on PATH. Install it (on Debian or Ubuntu: ` +
      'apt-get install redis-server; on macOS: brew install redis), or start a Docker engine and use STACK=docker.',
  );
}

/** Redis as real deployments run it: everything it acknowledged is on disk, and nothing is evicted. */
export function redisServer(installation: RedisInstallation, folder: string, port: number): ServerPlan {
  // WAITAOF, by which a client waits for the disk where it must, came with 7.2; before it every write has to wait.
  const canWaitForDisk = installation.major > 7 || (installation.major === 7 && installation.minor >= 2);
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: dataFolder(folder),
    appendonly: 'yes',
    appendfsync: canWaitForDisk ? 'everysec' : 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  return {
    name: 'Redis',
    folder,
    command: installation.command,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    readyWhen: ['Ready to accept connections'],
  };
}
