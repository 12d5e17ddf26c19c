import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { installPrometheus } from '../../tools/stack/install-prometheus.ts';
import { dataFolder, startServer, stopServer, type ServerPlan } from '../../tools/stack/server.ts';

/** One series of an answer: its labels (`__name__` among them) and its value now. */
interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert as Prometheus sees it. */
interface PrometheusAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** A running Prometheus with a data folder of its own. */
export interface Prometheus {
  readonly url: string;
  /** Evaluates an instant query; one sample for each series of the vector. Rejects when the query is wrong. */
  query(expression: string): Promise<Sample[]>;
  /** The alerts that are pending or firing. */
  alerts(): Promise<PrometheusAlert[]>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

/** What a Prometheus of a test does. */
export interface PrometheusSettings {
  /** `host:port` of each process to scrape, by job. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** Absolute paths of rule files. */
  readonly ruleFiles?: readonly string[];
  /** Milliseconds between scrapes, and between evaluations of the rules; a scrape has as long to be answered. */
  readonly everyMs?: number;
  /** `host:port` of an Alertmanager. */
  readonly alertmanager?: string;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Starts `plan` of a folder made for it; on failure nothing is left. Resolves with what stops it. */
async function run(
  name: string,
  plan: (folder: string) => Promise<ServerPlan>,
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), `${name}-`));
  const close = async (): Promise<void> => {
    await stopServer(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await startServer(await plan(folder));
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

/** A configuration file: JSON is YAML. */
async function configure(folder: string, name: string, content: unknown): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify(content));
  return file;
}

async function ask(url: string): Promise<unknown> {
  const answer = await fetch(url);
  const body = (await answer.json()) as { status: string; error?: string; data: unknown };
  if (body.status !== 'success') throw new Error(`Prometheus refuses ${url}: ${body.error}`);
  return body.data;
}

function configurationOf({
  targets,
  ruleFiles = [],
  everyMs = 1_000,
  alertmanager,
}: PrometheusSettings): object {
  return {
    global: {
      scrape_interval: `${everyMs}ms`,
      scrape_timeout: `${everyMs}ms`,
      evaluation_interval: `${everyMs}ms`,
    },
    rule_files: ruleFiles,
    scrape_configs: Object.entries(targets).map(([job, hosts]) => ({
      job_name: job,
      static_configs: [{ targets: hosts }],
    })),
    alerting: { alertmanagers: alertmanager ? [{ static_configs: [{ targets: [alertmanager] }] }] : [] },
  };
}

/** Starts a real Prometheus on a free port; see {@link PrometheusSettings}. */
export async function startPrometheus(settings: PrometheusSettings): Promise<Prometheus> {
  const installation = await installPrometheus(say);
  const [port] = await freePorts(1);
  const close = await run('prometheus', async (folder) => ({
    name: 'Prometheus',
    folder,
    command: installation.prometheus,
    args: [
      `--config.file=${await configure(folder, 'prometheus.yml', configurationOf(settings))}`,
      `--storage.tsdb.path=${dataFolder(folder)}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    readyWhen: ['Server is ready to receive web requests'],
  }));
  const url = `http://127.0.0.1:${port}`;
  const query = async (expression: string): Promise<Sample[]> => {
    const { result } = (await ask(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`)) as {
      result: { metric: Record<string, string>; value: [number, string] }[];
    };
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  };
  const alerts = async (): Promise<PrometheusAlert[]> =>
    ((await ask(`${url}/api/v1/alerts`)) as { alerts: PrometheusAlert[] }).alerts;
  return { url, query, alerts, close };
}

/** A running Alertmanager: `address` is `host:port`. */
export interface Alertmanager {
  readonly address: string;
  close(): Promise<void>;
}

/** Starts a real Alertmanager on a free port, configured by `config` (its YAML file as an object). */
export async function startAlertmanager(config: object): Promise<Alertmanager> {
  const installation = await installPrometheus(say);
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const close = await run('alertmanager', async (folder) => ({
    name: 'Alertmanager',
    folder,
    command: installation.alertmanager,
    args: [
      `--config.file=${await configure(folder, 'alertmanager.yml', config)}`,
      `--storage.path=${dataFolder(folder)}`,
      `--web.listen-address=${address}`,
      // Alone: it looks for no other Alertmanagers.
      '--cluster.listen-address=',
    ],
    readyWhen: ['Listening on'],
  }));
  return { address, close };
}
