import { rm } from 'node:fs/promises';
import path from 'node:path';
import { inboxServer } from './inbox-server.ts';
import { installKafka } from './install-kafka.ts';
import { kafkaCluster } from './kafka-server.ts';
import { installRedis } from './install-redis.ts';
import { redisServer } from './redis-server.ts';
import { serverPid, startServer, stopServer, type ServerPlan } from './server.ts';
import { addressesOf, choosePorts, forgetPorts, readPorts, type StackAddresses } from './stack-ports.ts';
import { StackError } from './stack-error.ts';

type Say = (text: string) => void;

const SERVERS = ['kafka', 'redis', 'inbox'] as const;
const STARTS = 3;

function serverFolders(folder: string): readonly string[] {
  return SERVERS.map((server) => path.join(folder, server));
}

/** The addresses of this folder's servers; undefined unless all of them are running. */
export async function localStatus(folder: string): Promise<StackAddresses | undefined> {
  const ports = await readPorts(folder);
  const pids = await Promise.all(serverFolders(folder).map(serverPid));
  return ports === undefined || pids.includes(undefined) ? undefined : addressesOf(ports);
}

async function startAll(folder: string, say: Say, signal?: AbortSignal): Promise<StackAddresses> {
  const kafka = await installKafka(say, signal);
  const redis = await installRedis(say, signal);
  const pids = await Promise.all(serverFolders(folder).map(serverPid));
  const ports = pids.some((pid) => pid !== undefined)
    ? ((await readPorts(folder)) ?? (await choosePorts(folder)))
    : await choosePorts(folder);
  const broker = {
    id: 1,
    folder: path.join(folder, 'kafka'),
    port: ports.kafka,
    controllerPort: ports.controller,
  };
  const plans: readonly ServerPlan[] = [
    ...kafkaCluster(kafka, [broker]),
    redisServer(redis, path.join(folder, 'redis'), ports.redis),
    inboxServer(path.join(folder, 'inbox'), ports.smtp, ports.inbox),
  ];
  const missing = plans.filter((_, index) => pids[index] === undefined);
  say(`Starting ${missing.map((plan) => plan.name).join(', ')}`);
  const started = await Promise.allSettled(missing.map((plan) => startServer(plan, signal)));
  for (const result of started) if (result.status === 'rejected') throw result.reason;
  return addressesOf(ports);
}

/** Starts those of Kafka, Redis and MailDev that are not running, on the data in `folder`. If one fails, stops them all. */
export async function localUp(folder: string, say: Say, signal?: AbortSignal): Promise<StackAddresses> {
  const running = await localStatus(folder);
  if (running !== undefined) return running;
  for (let start = 1; ; start += 1) {
    try {
      return await startAll(folder, say, signal);
    } catch (error) {
      await localDown(folder);
      if (!(error instanceof StackError && error.code === 'port-in-use') || start === STARTS) throw error;
      say(`${error.message}\nTrying other ports.`);
      await forgetPorts(folder);
    }
  }
}

/** Stops the servers, killing them after `limitMs`; their data stays. */
export async function localDown(folder: string, limitMs?: number): Promise<void> {
  await Promise.all(serverFolders(folder).map((each) => stopServer(each, limitMs)));
}

/** Stops the servers and removes their data. */
export async function localReset(folder: string): Promise<void> {
  await localDown(folder);
  for (const each of serverFolders(folder)) await rm(each, { recursive: true, force: true });
}
