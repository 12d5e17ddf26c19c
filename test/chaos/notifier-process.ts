import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, createWriteStream, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endChild, isRunning } from '../../tools/end-child.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOTIFIER = 'dist/apps/notifier/src/main.js';
/** Generous: on a busy machine a group takes a minute to share its partitions anew. */
const READY_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 40_000;

export interface NotifierStart {
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** The compiled program, where it is another one than the notifier. */
  readonly main?: string;
  /** The folder it is started in, where it is another release than this checkout's. */
  readonly root?: string;
  /** Sends its output to this file instead of the log, e.g. a full device; it then needs a known port. */
  readonly output?: { readonly file: string; readonly port: number };
}

/** A notifier as in production: compiled, in its own process, configured by environment variables. */
export class NotifierProcess {
  private readonly child: ChildProcess;
  private url: string | undefined;
  private lines = '';

  private constructor({ environment, logFile, main = NOTIFIER, root = ROOT, output }: NotifierStart) {
    const file = output && openSync(output.file, 'a');
    const port = output ? { HTTP_PORT: String(output.port) } : {};
    if (output) this.url = `http://127.0.0.1:${output.port}`;
    this.child = spawn(process.execPath, [main], {
      cwd: root,
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...environment, ...port },
      stdio: ['ignore', file ?? 'pipe', file ?? 'pipe'],
    });
    if (file !== undefined) closeSync(file);
    const log = createWriteStream(logFile, { flags: 'a' });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        log.write(bytes);
        if (this.url === undefined) this.look(bytes);
      });
    this.child.on('exit', () => log.end());
  }

  /** Starts a notifier without waiting. */
  static launch(start: NotifierStart): NotifierProcess {
    return new NotifierProcess(start);
  }

  /** Starts a notifier; resolves when it is ready. */
  static async start(start: NotifierStart): Promise<NotifierProcess> {
    const notifier = NotifierProcess.launch(start);
    try {
      await notifier.untilReady(start.logFile);
    } catch (error) {
      await notifier.kill();
      throw error;
    }
    return notifier;
  }

  /** Where it listens, as soon as it does. */
  get address(): string | undefined {
    return this.url;
  }

  get runs(): boolean {
    return isRunning(this.child);
  }

  /** Whether `/readyz` answers 200. */
  async ready(): Promise<boolean> {
    if (this.url === undefined) return false;
    return fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  /** The status and body of `/readyz`; `undefined` while nothing answers. */
  async health(): Promise<string | undefined> {
    if (this.url === undefined) return undefined;
    return fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
      async (answer) => `${answer.status} ${await answer.text()}`,
      () => undefined,
    );
  }

  /** Its metrics in Prometheus' text format. */
  async metrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(2_000) })).text();
  }

  /** Sends SIGKILL. */
  kill(): Promise<void> {
    return endChild(this.child, 'SIGKILL');
  }

  /** Sends SIGTERM, as an orchestrator does, and SIGKILL after 40 s. Resolves with the exit code. */
  async stop(): Promise<number | null> {
    await endChild(this.child, 'SIGTERM', STOP_LIMIT_MS);
    return this.child.exitCode;
  }

  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  private look(bytes: Buffer): void {
    this.lines += bytes.toString();
    this.url = /"url":"(http[^"]+)"/.exec(this.lines)?.[1];
  }

  private async untilReady(logFile: string): Promise<void> {
    const end = Date.now() + READY_LIMIT_MS;
    while (!(await this.ready())) {
      if (!this.runs) throw new Error(`A notifier ended while it started: see ${logFile}`);
      if (Date.now() > end) throw new Error(`A notifier was not ready in time: see ${logFile}`);
      await delay(50);
    }
  }
}
