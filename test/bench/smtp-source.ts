import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface SmtpSourceRun {
  readonly mails: number;
  /** The size of each message. */
  readonly bytes: number;
  readonly connections: number;
}

/** Runs Postfix's `smtp-source`, a sender in C; resolves with mails a second, `undefined` where it is not installed. */
export async function runSmtpSource(port: number, run: SmtpSourceRun): Promise<number | undefined> {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` };
  const plan = ['-s', `${run.connections}`, '-m', `${run.mails}`, '-l', `${run.bytes}`, '-d', '-4'];
  const addresses = ['-f', 'b@example.jp', '-t', 'a@example.jp', `127.0.0.1:${port}`];
  const before = performance.now();
  try {
    await promisify(execFile)('smtp-source', [...plan, ...addresses], { env });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return run.mails / ((performance.now() - before) / 1000);
}
