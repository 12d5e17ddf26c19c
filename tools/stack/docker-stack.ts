import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram, showProgram } from './run-program.ts';
import { addressesOf, choosePorts, readPorts, type StackAddresses } from './stack-ports.ts';
import { StackError } from './stack-error.ts';

type Say = (text: string) => void;

const COMPOSE_FILE = fileURLToPath(new URL('../../ops/compose/servers.yml', import.meta.url));
const SERVERS = ['kafka', 'redis', 'inbox'];
const ENGINE_LIMIT_MS = 5_000;

/** Whether a Docker engine with Compose is available. */
export async function dockerAnswers(): Promise<boolean> {
  const options = { timeout: ENGINE_LIMIT_MS };
  const asked = await Promise.allSettled([
    runProgram('docker', ['info'], options),
    runProgram('docker', ['compose', 'version'], options),
  ]);
  return asked.every((answer) => answer.status === 'fulfilled');
}

/** Derives the Compose project's name from the folder, so that every checkout has its own containers. */
function compose(folder: string, ...command: readonly string[]): readonly string[] {
  const id = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 10);
  return ['compose', '--file', COMPOSE_FILE, '--project-name', `denwa-${id}`, ...command];
}

/** The addresses of this folder's containers; undefined unless all of them are running. */
export async function dockerStatus(folder: string): Promise<StackAddresses | undefined> {
  const ports = await readPorts(folder);
  if (ports === undefined) return undefined;
  const ask = compose(folder, 'ps', '--services', '--status', 'running');
  const running = await runProgram('docker', ask).catch(() => '');
  const services = running.split('\n').map((line) => line.trim());
  return SERVERS.every((server) => services.includes(server)) ? addressesOf(ports) : undefined;
}

/** Starts the servers' containers and waits until they are healthy. */
export async function dockerUp(folder: string, say: Say, signal?: AbortSignal): Promise<StackAddresses> {
  const running = await dockerStatus(folder);
  if (running !== undefined) return running;
  if (!(await dockerAnswers()))
    throw new StackError(
      'missing-program',
      'no Docker engine with Compose answers: start one, or use STACK=local, which needs Java.',
    );
  const ports = await choosePorts(folder);
  const env = {
    ...process.env,
    KAFKA_PORT: String(ports.kafka),
    REDIS_PORT: String(ports.redis),
    SMTP_PORT: String(ports.smtp),
    INBOX_PORT: String(ports.inbox),
  };
  say('Starting Kafka, Redis and MailDev as containers (the first time, their images are pulled)');
  try {
    const code = await showProgram('docker', compose(folder, 'up', '--detach', '--wait', ...SERVERS), {
      env,
      signal,
    });
    if (code === 0) return addressesOf(ports);
  } catch (error) {
    await dockerDown(folder);
    throw error;
  }
  await dockerDown(folder);
  throw new StackError(
    'program-failed',
    'docker compose could not start the servers: see above. STACK=local starts them without Docker.',
  );
}

/** Stops the containers, killing them after `limitMs`; their data stays. Does nothing without an engine. */
export async function dockerDown(folder: string, limitMs?: number): Promise<void> {
  if (!(await dockerAnswers())) return;
  const limit = limitMs === undefined ? [] : ['--timeout', String(Math.ceil(limitMs / 1_000))];
  await runProgram('docker', compose(folder, 'down', '--remove-orphans', ...limit));
}

/** Stops the containers and removes their data. */
export async function dockerReset(folder: string): Promise<void> {
  if (!(await dockerAnswers())) return;
  await runProgram('docker', compose(folder, 'down', '--remove-orphans', '--volumes'));
}
