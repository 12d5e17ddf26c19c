// Runs a command of this project on the project's own Node.js (the npm package `node`). Installs the dependencies
// first when they are missing or older than the lock file. Plain JavaScript, so that any Node.js ≥ 20 can run it.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = `${root}node_modules/.bin/node`;
const installed = `${root}node_modules/.package-lock.json`;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node.js 20 or newer is required; this is ${process.version}. Install it with your package manager.`);
}

function upToDate() {
  return (
    existsSync(node) &&
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs
  );
}

/** The running program; it gets the signals that this process receives. */
let child;

/** Runs a program in the project's folder; resolves with its exit code. */
function run(command, args, stdio) {
  child = spawn(command, args, { cwd: root, stdio });
  return new Promise((resolve) => {
    child.on('error', (error) => fail(`Cannot start ${command}: ${error.message}`));
    child.on('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}

let isTold = false;
/** The first signal that was to end this process. */
let ending;

/** Sends SIGTERM once: npm and its caller may both signal us, and a second signal would cut the shutdown short. */
function end(signal = 'SIGTERM') {
  ending ??= signal;
  if (!isTold) child?.kill('SIGTERM');
  isTold = true;
}

// A terminal sends Ctrl-C to its whole process group; any other signal reaches this process only.
process.on('SIGINT', () => {
  ending ??= 'SIGINT';
  if (!process.stdin.isTTY) end();
});
for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, end);
// If npm was killed, the program must not run on as an orphan.
const caller = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === caller || end(), 500).unref();

if (!upToDate()) {
  process.stderr.write('Installing the packages of package-lock.json …\n');
  const code = await run('npm', ['ci', '--loglevel=error'], ['ignore', 2, 2]);
  // Whoever ended it knows why. What npm has left half done, the next start does again.
  if (ending) process.exit(128 + constants.signals[ending]);
  if (code !== 0) fail('npm ci failed: see above. Is a package registry reachable?');
}

// TypeScript sources import sources (the condition `source`); compiled files import compiled ones.
const compiled = process.argv.find((argument) => argument.startsWith('dist/'));
if (compiled && !existsSync(`${root}${compiled}`))
  fail(`${compiled} does not exist: run \`npm run build\` first.`);
const options = [...(compiled ? [] : ['--conditions=source']), '--enable-source-maps'];
process.exitCode = await run(node, [...options, ...process.argv.slice(2)], 'inherit');
