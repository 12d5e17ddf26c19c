import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { APP_FLAGS } from '../../tools/app-flags.ts';
import { endChild } from '../../tools/end-child.ts';
import { freePorts } from '../../tools/stack/free-ports.ts';

const READY_POLL_MS = 10;
const READY_LIMIT_MS = 60_000;

/** A program in a child process, observed through its metrics. */
export interface MeasuredApp {
  readonly url: string;
  /** Resolves when `/readyz` answers 200. */
  ready(): Promise<void>;
  /** Reads its metrics; empty while it is starting. Rejects when it has exited. */
  metrics(): Promise<Metrics>;
  stop(): Promise<void>;
}

/** The sum of a metric's series at a moment; `label` (`name="value"`) selects some of them. */
type Metrics = (name: string, label?: string) => number;

/** Starts a program of this repository (a path from its root), as our apps are started; resolves before it is ready. */
export async function startMeasuredApp(
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<MeasuredApp> {
  const [port = 0] = await freePorts(1);
  const main = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  const child = spawn(process.execPath, [...APP_FLAGS, main], {
    env: {
      ...process.env,
      ...environment,
      NODE_ENV: 'production',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(port),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const alive = (): void => {
    if (child.exitCode !== null) throw new Error(`${program} exited with ${child.exitCode}`);
  };
  return {
    url,
    ready: () => untilReady(program, url, alive),
    metrics: async () => {
      alive();
      const text = await metricsAt(url);
      return (name, label) => sumOf(text, name, label);
    },
    stop: () => endChild(child, 'SIGTERM'),
  };
}

/** Resolves when `/readyz` answers 200. A program that is still starting refuses connections. */
async function untilReady(program: string, url: string, alive: () => void): Promise<void> {
  const end = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    const said = (await answer?.text()) ?? 'it refuses connections';
    if (answer?.ok) return;
    alive();
    if (Date.now() > end) throw new Error(`${program} was not ready in time: ${said}`);
    await delay(READY_POLL_MS);
  }
}

function metricsAt(url: string): Promise<string> {
  return fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  );
}

/** Sums the series of a metric in Prometheus' text format. */
function sumOf(text: string, name: string, label = ''): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(name) && /^[ {]/.test(line.slice(name.length)) && line.includes(label))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  }
  return sum;
}
