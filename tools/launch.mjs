// Runs a command of this project on the project's own Node.js (the npm package `node`), installing the
// dependencies first when they are missing or older than the lock file. Plain JavaScript: any Node.js ≥ 20 reads it.
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
  fail(
    `Node.js 20 or newer is needed to begin; this is ${process.version}. Get it from your package manager.`,
  );
}

function upToDate() {
  return (
    existsSync(node) &&
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs
  );
}

/** The program that runs now; signals for this process are for it. */
let child;

/** Runs a program in the project's folder and resolves with its exit code. */
function run(command, args, stdio) {
  child = spawn(command, args, { cwd: root, stdio });
  return new Promise((resolve) => {
    child.on('error', (error) => fail(`Cannot start ${command}: ${error.message}`));
    child.on('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}

let told = false;

/** Tells the program to end, once: npm and its caller may both tell us, and a second signal would cut its end short. */
function end() {
  if (!told) child?.kill('SIGTERM');
  told = true;
}

// A terminal sends Ctrl-C to everybody who runs in it; any other signal is for this process alone.
process.on('SIGINT', () => process.stdin.isTTY || end());
for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, end);
// When npm was killed, nobody is left who wants what runs here.
const caller = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === caller || end(), 500).unref();

if (!upToDate()) {
  process.stderr.write('Installing the packages of package-lock.json …\n');
  if ((await run('npm', ['ci', '--loglevel=error'], ['ignore', 2, 2])) !== 0)
    fail('npm ci failed: see above. Is a package registry reachable?');
}

// TypeScript sources import each other's sources; what `npm run build` compiled imports what it compiled.
const compiled = process.argv.find((argument) => argument.startsWith('dist/'));
if (compiled && !existsSync(`${root}${compiled}`))
  fail(`${compiled} is not there: run \`npm run build\` first.`);
const options = [...(compiled ? [] : ['--conditions=source']), '--enable-source-maps'];
process.exitCode = await run(node, [...options, ...process.argv.slice(2)], 'inherit');
