import type { RedisInstallation } from './install-redis.ts';
import { dataFolder, type ServerPlan } from './server.ts';

/** Redis as in production: acknowledged writes are persisted, and nothing is evicted. */
export function redisServer(installation: RedisInstallation, folder: string, port: number): ServerPlan {
  // With WAITAOF (since 7.2) a client waits for the disk only where it must; without it every write has to.
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
