import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts, isFree } from './free-ports.ts';
import { inboxServer } from './inbox-server.ts';
import { installKafka } from './install-kafka.ts';
import { brokerList, kafkaCluster } from './kafka-server.ts';
import { findRedis, redisServer } from './redis-server.ts';
import { serverPid, startServer, stopServer, type ServerPlan } from './server.ts';
import { StackError } from './stack-error.ts';

/** The addresses of the four servers, as the environment variables of these names hold them. */
export interface StackAddresses {
  readonly KAFKA_BROKERS: string;
  readonly REDIS_URL: string;
  readonly SMTP_URL: string;
  readonly INBOX_URL: string;
}

interface Ports {
  readonly kafka: number;
  readonly controller: number;
  readonly redis: number;
  readonly smtp: number;
  readonly inbox: number;
}

type Say = (text: string) => void;

const SERVERS = ['kafka', 'redis', 'inbox'] as const;
const STARTS = 3;

function folders(folder: string): Readonly<Record<(typeof SERVERS)[number], string>> {
  return {
    kafka: path.join(folder, 'kafka'),
    redis: path.join(folder, 'redis'),
    inbox: path.join(folder, 'inbox'),
  };
}

function portsFile(folder: string): string {
  return path.join(folder, 'ports.json');
}

async function readPorts(folder: string): Promise<Ports | undefined> {
  const text = await readFile(portsFile(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Ports);
}

/** The ports of the last time where they are still free, so that addresses stay the same; else others. */
async function choosePorts(folder: string): Promise<Ports> {
  const old = await readPorts(folder);
  if (old !== undefined && (await Promise.all(Object.values(old).map(isFree))).every(Boolean)) return old;
  const [kafka = 0, controller = 0, redis = 0, smtp = 0, inbox = 0] = await freePorts(5);
  const ports = { kafka, controller, redis, smtp, inbox };
  const written = `${portsFile(folder)}.new`;
  await writeFile(written, JSON.stringify(ports));
  await rename(written, portsFile(folder));
  return ports;
}

function addresses(folder: string, ports: Ports): StackAddresses {
  const node = { id: 1, folder: folders(folder).kafka, port: ports.kafka, controllerPort: ports.controller };
  return {
    KAFKA_BROKERS: brokerList([node]),
    REDIS_URL: `redis://127.0.0.1:${ports.redis}`,
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    INBOX_URL: `http://127.0.0.1:${ports.inbox}`,
  };
}

/** The addresses of the local stack in this folder; undefined unless all of its servers run. */
export async function localStatus(folder: string): Promise<StackAddresses | undefined> {
  const ports = await readPorts(folder);
  const pids = await Promise.all(Object.values(folders(folder)).map(serverPid));
  return ports === undefined || pids.includes(undefined) ? undefined : addresses(folder, ports);
}

async function startAll(folder: string, say: Say, signal?: AbortSignal): Promise<StackAddresses> {
  const kafka = await installKafka(say, signal);
  const redis = await findRedis(say, signal);
  const at = folders(folder);
  const ports = await choosePorts(folder);
  const plans: readonly ServerPlan[] = [
    ...kafkaCluster(kafka, [
      { id: 1, folder: at.kafka, port: ports.kafka, controllerPort: ports.controller },
    ]),
    redisServer(redis, at.redis, ports.redis),
    inboxServer(at.inbox, ports.smtp, ports.inbox),
  ];
  say(`Starting ${plans.map((plan) => plan.name).join(', ')}`);
  const started = await Promise.allSettled(plans.map((plan) => startServer(plan, signal)));
  for (const result of started) if (result.status === 'rejected') throw result.reason;
  return addresses(folder, ports);
}

/** Starts Kafka, Redis and MailDev on the data in `folder`, unless they run; starts all of them or none. */
export async function localUp(folder: string, say: Say, signal?: AbortSignal): Promise<StackAddresses> {
  await mkdir(folder, { recursive: true });
  const running = await localStatus(folder);
  if (running !== undefined) return running;
  for (let start = 1; ; start += 1) {
    await localDown(folder);
    try {
      return await startAll(folder, say, signal);
    } catch (error) {
      await localDown(folder);
      if (!(error instanceof StackError && error.code === 'port-in-use') || start === STARTS) throw error;
      say(`${error.message}\nTrying other ports.`);
      await rm(portsFile(folder), { force: true });
    }
  }
}

/** Stops the servers; their data stays. */
export async function localDown(folder: string): Promise<void> {
  await Promise.all(Object.values(folders(folder)).map(stopServer));
}

/** Stops the servers and removes what they hold. */
export async function localReset(folder: string): Promise<void> {
  await localDown(folder);
  for (const each of Object.values(folders(folder))) await rm(each, { recursive: true, force: true });
}
