// Runs a command of this project on the project's own Node.js (the npm package `node`), installing the
// dependencies first when they are missing or older than the lock file. Plain JavaScript: any Node.js ≥ 20 reads it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
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

if (!upToDate()) {
  process.stderr.write('Installing the packages of package-lock.json …\n');
  const npm = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (npm.status !== 0) fail('npm ci failed: see above. Is a package registry reachable?');
}

// TypeScript sources import each other's sources; what `npm run build` compiled imports what it compiled.
const compiled = process.argv.find((argument) => argument.startsWith('dist/'));
if (compiled && !existsSync(`${root}${compiled}`))
  fail(`${compiled} is not there: run \`npm run build\` first.`);
const child = spawn(
  node,
  [...(compiled ? [] : ['--conditions=source']), '--enable-source-maps', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
// The terminal sends Ctrl-C to the whole group; a supervisor's signal reaches only this process, so it is passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => fail(`Cannot start ${node}: ${error.message}`));
child.on('exit', (code, signal) => process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 1)));
