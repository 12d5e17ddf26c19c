import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PostfixTools } from './postfix-tools.ts';

interface SmtpSourceRun {
  readonly mails: number;
  /** The size of each message. */
  readonly bytes: number;
  readonly connections: number;
}

/** Runs Postfix's `smtp-source`, a sender in C; resolves with mails a second. */
export async function runSmtpSource(
  { source, env }: PostfixTools,
  port: number,
  run: SmtpSourceRun,
): Promise<number> {
  const plan = ['-s', `${run.connections}`, '-m', `${run.mails}`, '-l', `${run.bytes}`, '-d', '-4'];
  const addresses = ['-f', 'b@example.jp', '-t', 'a@example.jp', `127.0.0.1:${port}`];
  const before = performance.now();
  await promisify(execFile)(source, [...plan, ...addresses], { env });
  return run.mails / ((performance.now() - before) / 1000);
}
