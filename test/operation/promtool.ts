import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPrometheus } from '../../tools/stack/install-prometheus.ts';
import { runProgram } from '../../tools/stack/run-program.ts';

const FOLDER = fileURLToPath(new URL('../../ops/prometheus/', import.meta.url));

/** The files of rules that are shipped: absolute paths. */
export async function ruleFiles(): Promise<string[]> {
  const names = await readdir(FOLDER);
  return names.filter((name) => name.endsWith('.rules.yml')).map((name) => path.join(FOLDER, name));
}

/** What a query has to answer at a time, when these series were scraped. */
export interface RuleCase {
  readonly name: string;
  /** By series, in promtool's notation: `0+1x10` is 0, 1, … 10, one a step. */
  readonly series: Readonly<Record<string, string>>;
  /** How long a step is; rules are evaluated as often. */
  readonly step: string;
  readonly at: string;
  readonly query: string;
  readonly samples: readonly { readonly labels: string; readonly value: number }[];
}

async function promtool(...args: readonly string[]): Promise<string> {
  const { promtool: command } = await installPrometheus((text) => void process.stderr.write(`${text}\n`));
  return runProgram(command, args, { lastLines: 60 });
}

/** `promtool check rules`; rejects with what it says when it finds a fault. */
export function checkRules(files: readonly string[]): Promise<string> {
  return promtool('check', 'rules', '--lint-fatal', ...files);
}

/** `promtool test rules` of cases with the same step; rejects with what it says when an answer is another one. */
export async function testRules(cases: readonly RuleCase[], files: readonly string[]): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'promtool-'));
  try {
    const tests = cases.map(({ name, series, step, at, query, samples }) => ({
      name,
      interval: step,
      input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
      promql_expr_test: [{ expr: query, eval_time: at, exp_samples: samples }],
    }));
    const file = path.join(folder, 'test.yml');
    await writeFile(file, JSON.stringify({ rule_files: files, evaluation_interval: cases[0]?.step, tests }));
    await promtool('test', 'rules', file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
