import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { installChromium } from './browser/install-chromium.ts';
import { installJapaneseFont } from './browser/install-japanese-font.ts';
import { build } from './build.ts';
import { runCommand, say } from './run-command.ts';
import { runProcesses, type RunTraits } from './run-processes.ts';
import { LOGS_FOLDER_VARIABLE, secretsInLogs } from './run-secrets.ts';
import { installPrometheus } from './stack/install-prometheus.ts';
import { runProgram, showProgram } from './stack/run-program.ts';
import { serversDown, serversReset, serversUp, STACK_FOLDER, type StackAddresses } from './stack/servers.ts';
import { StackError } from './stack/stack-error.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const RUN_FOLDER = /^test-(\d+)$/;
const LEFTOVER_LIMIT_MS = 5_000;
// Every process of this run, direct child or not, inherits the mark or jest's group: none is left behind unnoticed.
const MARK = { name: 'DENWA_TEST_RUN', value: randomBytes(8).toString('hex') };
let jestGroup: number | undefined;

/** Runs a step that passes or fails; prints its output when it fails. */
async function step(name: string, work: () => Promise<unknown>): Promise<Count> {
  const began = Date.now();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    say(`✗ ${name}\n${error.message}`);
    return { passed: 0, failed: 1 };
  }
  say(`✓ ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return { passed: 1, failed: 0 };
}

/** Compiles everything, then runs each `check:…` script of package.json. */
async function checks(signal: AbortSignal): Promise<Count[]> {
  const { scripts } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const counts = [await step('build', () => build(signal))];
  // npm does not forward signals to its scripts, so the whole group is signalled.
  const options = { cwd: root, signal, lastLines: 60, inGroup: () => undefined };
  for (const script of Object.keys(scripts).filter((name) => name.startsWith('check:')))
    counts.push(await step(script, () => runProgram('npm', ['run', '--silent', script], options)));
  return counts;
}

/** Reads jest's `--json` report. A file that could not run, and each skipped test, counts as a failure. */
async function readReport(file: string, exitCode: number): Promise<Count> {
  const report = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, number>;
  const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = report;
  const skipped = (report['numPendingTests'] ?? 0) + (report['numTodoTests'] ?? 0);
  if (skipped > 0) say(`✗ ${skipped} tests were skipped: run them or delete them`);
  const failed = numFailedTests + numRuntimeErrorTestSuites + skipped;
  return { passed: numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

async function jest(addresses: StackAddresses, folder: string, signal: AbortSignal): Promise<Count> {
  const report = path.join(folder, 'report.json');
  const node = ['--conditions=source', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const options = ['--ci', '--json', `--outputFile=${report}`, ...process.argv.slice(2)];
  const program = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const logs = logsFolder(folder);
  await mkdir(logs, { recursive: true });
  // Loggers that write to standard output write to jest's.
  const output = createWriteStream(path.join(logs, 'jest.log'));
  const env = { ...process.env, ...addresses, [LOGS_FOLDER_VARIABLE]: logs };
  const inGroup = (group: number): void => {
    jestGroup = group;
  };
  const args = [...node, program, ...options];
  const onOutput = (part: Buffer): void => void output.write(part);
  const code = await showProgram(process.execPath, args, { cwd: root, env, signal, inGroup, onOutput });
  await new Promise<void>((resolve) => output.end(resolve));
  return readReport(report, code);
}

const logsFolder = (folder: string): string => path.join(folder, 'logs');

/** Counts each secret of the run that appears in a log as a failure. */
async function secretsTold(folder: string): Promise<Count> {
  // A part of the tests may use no secrets; the whole suite always does.
  const isPart = process.argv.length > 2;
  const told = await secretsInLogs(logsFolder(folder)).catch((error: NodeJS.ErrnoException) =>
    isPart && error.code === 'ENOENT' ? [] : [error.message],
  );
  for (const one of told) say(`✗ a secret in a log: ${one}`);
  if (told.length === 0) say('✓ no secret of the tests in any log');
  return { passed: told.length === 0 ? 1 : 0, failed: told.length };
}

/** Kills the processes of this run that are still running, and counts each as a failure. */
async function leftovers(): Promise<Count> {
  const run: RunTraits = { mark: `${MARK.name}=${MARK.value}`, group: jestGroup };
  const end = Date.now() + LEFTOVER_LIMIT_MS;
  let left = await runProcesses(run);
  while (left.length > 0 && Date.now() < end) {
    await delay(50);
    left = await runProcesses(run);
  }
  for (const { pid, command } of left) {
    say(`✗ left behind: process ${pid}: ${command}`);
    signalTo(pid, 'SIGKILL');
  }
  return { passed: 0, failed: left.length };
}

/** Sends a signal; false when the process does not exist. 0 only checks that. */
function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Stops and removes the servers that killed runs left behind. */
async function sweep(): Promise<void> {
  for (const name of await readdir(STACK_FOLDER).catch(() => [])) {
    const pid = Number(RUN_FOLDER.exec(name)?.[1] ?? process.pid);
    if (signalTo(pid, 0)) continue;
    const folder = path.join(STACK_FOLDER, name);
    await serversDown(folder);
    await serversReset(folder, say);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes a browser ready; the tests find it by CHROMIUM. */
async function browser(signal: AbortSignal): Promise<void> {
  process.env['CHROMIUM'] = await installChromium(say, signal);
  await installJapaneseFont(say, signal);
}

async function onServers(folder: string, signal: AbortSignal): Promise<Count> {
  try {
    return await jest(await serversUp(folder, say, signal), folder, signal);
  } finally {
    say('Stopping the servers');
    await serversDown(folder);
  }
}

async function test(signal: AbortSignal): Promise<number> {
  process.env[MARK.name] = MARK.value;
  const folder = path.join(STACK_FOLDER, `test-${process.pid}`);
  const counts: Count[] = [];
  try {
    await sweep();
    counts.push(...(await checks(signal)));
    counts.push(await step('Chromium', () => browser(signal)));
    counts.push(await step('Prometheus', () => installPrometheus(say, signal)));
    counts.push(await onServers(folder, signal));
    counts.push(await secretsTold(folder));
  } finally {
    counts.push(await leftovers());
  }
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  if (failed > 0) say(`The servers' logs are in ${folder} until the next run.`);
  else await rm(folder, { recursive: true, force: true });
  process.stdout.write(`tests: ${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

await runCommand(test);
