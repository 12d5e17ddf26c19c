import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { endChild } from '../../tools/end-child.ts';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { PostfixTools } from './postfix-tools.ts';

/** Postfix's `smtp-sink` in a child process: it accepts and discards everything. */
interface SmtpSink {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 2_000;
const POLL_MS = 20;

/** Starts it on a free port, with more of its options if given. */
export async function startSmtpSink(
  { sink, env }: PostfixTools,
  more: readonly string[] = [],
): Promise<SmtpSink> {
  const [port = 0] = await freePorts(1);
  // As root it requires a user to run as.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const limits = ['-m', String(MOST_CONNECTIONS)];
  const args = [...user, ...limits, ...more, `127.0.0.1:${port}`, '1000'];
  const child = spawn(sink, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let isGone = false;
  child.once('error', () => (isGone = true));
  child.once('exit', () => (isGone = true));
  // It reports each connection that its client closes.
  child.stderr.resume();
  while (!(await listens(port))) {
    if (isGone) throw new Error('smtp-sink did not start');
    await delay(POLL_MS);
  }
  return { port, url: `smtp://127.0.0.1:${port}`, close: () => endChild(child, 'SIGKILL') };
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
