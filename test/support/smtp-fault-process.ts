import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { endChild } from '../../tools/end-child.ts';
import type { FaultChildAnswer, FaultChildRequest } from './smtp-fault-child.ts';
import type { FaultRule } from './smtp-fault-rules.ts';
import type { FaultServerOptions } from './smtp-fault-server.ts';
import type { TakenMail } from './smtp-fault-session.ts';

/** The fault server in a child process, so that it can be killed and frozen. */
interface SmtpFaultProcess {
  readonly port: number;
  setRules(...rules: readonly FaultRule[]): Promise<void>;
  /** Drops every connection and stops listening. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Sends SIGKILL; `restart` starts it on the same port, with the log of accepted mails. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** SIGSTOP, until `thaw`: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** The mails accepted since the first start, across kills. */
  taken(): Promise<readonly TakenMail[]>;
  close(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('./smtp-fault-child.ts', import.meta.url));

/** Starts it on a free port; the caller closes it. */
export async function startSmtpFaultProcess(options: FaultServerOptions = {}): Promise<SmtpFaultProcess> {
  const folder = await mkdtemp(path.join(tmpdir(), 'smtp-fault-'));
  const logFile = path.join(folder, 'taken.jsonl');
  let child = forkChild();
  const { port } = await ask(child, { kind: 'listen', options: { ...options, logFile } });
  const kill = (): Promise<void> => endChild(child, 'SIGKILL');
  return {
    port,
    setRules: async (...rules) => void (await ask(child, { kind: 'rules', rules })),
    stop: async () => void (await ask(child, { kind: 'stop' })),
    start: async () => void (await ask(child, { kind: 'start' })),
    kill,
    restart: async () => {
      child = forkChild();
      await ask(child, { kind: 'listen', options: { ...options, logFile, port } });
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    taken: () => readTaken(logFile),
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function forkChild(): ChildProcess {
  return fork(CHILD, { execArgv: ['--conditions=source'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function ask(child: ChildProcess, request: FaultChildRequest): Promise<FaultChildAnswer> {
  const answer = once(child, 'message');
  child.send(request);
  const [told] = (await answer) as [FaultChildAnswer];
  return told;
}

async function readTaken(logFile: string): Promise<readonly TakenMail[]> {
  const lines = (await readFile(logFile, 'utf8')).split('\n');
  // The mail of a line that SIGKILL cut short was never acknowledged.
  return lines.flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as TakenMail] : []));
}
