import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts, isFree } from './free-ports.ts';

/** The ports of a stack's servers on the loopback address. */
interface StackPorts {
  readonly kafka: number;
  readonly controller: number;
  readonly redis: number;
  readonly smtp: number;
  readonly inbox: number;
}

/** The servers' addresses, by the environment variable that holds each. */
export interface StackAddresses {
  readonly KAFKA_BROKERS: string;
  readonly REDIS_URL: string;
  readonly SMTP_URL: string;
  readonly INBOX_URL: string;
}

function portsFile(folder: string): string {
  return path.join(folder, 'ports.json');
}

/** The ports of this folder's stack, or those of its last run. */
export async function readPorts(folder: string): Promise<StackPorts | undefined> {
  const text = await readFile(portsFile(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as StackPorts);
}

/** Chooses the ports of the last run if they are free, so that addresses stay the same; otherwise new ones. */
export async function choosePorts(folder: string): Promise<StackPorts> {
  const old = await readPorts(folder);
  if (old !== undefined && (await Promise.all(Object.values(old).map(isFree))).every(Boolean)) return old;
  const [kafka = 0, controller = 0, redis = 0, smtp = 0, inbox = 0] = await freePorts(5);
  const ports = { kafka, controller, redis, smtp, inbox };
  const written = `${portsFile(folder)}.new`;
  await writeFile(written, JSON.stringify(ports));
  await rename(written, portsFile(folder));
  return ports;
}

/** Forgets the ports, so that the next start chooses others. */
export async function forgetPorts(folder: string): Promise<void> {
  await rm(portsFile(folder), { force: true });
}

/** The servers' addresses for clients on this machine. */
export function addressesOf(ports: StackPorts): StackAddresses {
  return {
    KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
    REDIS_URL: `redis://127.0.0.1:${ports.redis}`,
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    INBOX_URL: `http://127.0.0.1:${ports.inbox}`,
  };
}
