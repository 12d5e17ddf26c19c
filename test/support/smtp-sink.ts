import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { endChild } from '../../tools/end-child.ts';
import { freePorts } from '../../tools/stack/free-ports.ts';

/** A mail server in a child process that accepts and discards everything, for measurements. */
interface SmtpSink {
  readonly name: 'smtp-sink' | 'node';
  readonly port: number;
  close(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('./smtp-sink-child.ts', import.meta.url));

/** Starts Postfix's `smtp-sink` if it is installed, otherwise our own. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const postfix = await startPostfixSink();
  if (postfix) return postfix;
  const child = fork(CHILD, ['0'], { execArgv: ['--conditions=source'] });
  const [port] = (await once(child, 'message')) as [number];
  return { name: 'node', port, close: () => endChild(child, 'SIGKILL') };
}

async function startPostfixSink(): Promise<SmtpSink | undefined> {
  const [port = 0] = await freePorts(1);
  // As root it requires a user to run as.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` };
  const child = spawn('smtp-sink', [...user, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore', env });
  let isGone = false;
  child.once('error', () => (isGone = true));
  child.once('exit', () => (isGone = true));
  while (!isGone) {
    if (await listens(port)) return { name: 'smtp-sink', port, close: () => endChild(child, 'SIGKILL') };
    await delay(20);
  }
  return undefined;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
