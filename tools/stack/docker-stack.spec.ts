import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.ts';

/** A fake `docker` command that logs its arguments and remembers whether the servers are up. */
const DOCKER = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> told
case "$*" in
  info) if [ -e late ]; then exit 1; fi ;;
  *" up "*) echo "$KAFKA_PORT $REDIS_PORT $SMTP_PORT $INBOX_PORT" > ports
            if [ -e broken ]; then echo "no such image" >&2; exit 1; fi
            touch running ;;
  *" ps "*) if [ -e running ]; then printf 'kafka\\nredis\\ninbox\\n'; fi ;;
  *" down"*) rm -f running ;;
esac
`;
const SERVERS = fileURLToPath(new URL('servers.ts', import.meta.url));

let folder: string;
let bin: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'docker-'));
  bin = path.join(folder, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'docker'), DOCKER);
  await chmod(path.join(bin, 'docker'), 0o755);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Calls a function of servers.ts in a child process with the fake first in PATH; `second` is its second argument. */
async function call(name: string, stack = '', second = '() => {}'): Promise<Record<string, string>> {
  const script = `const { ${name} } = await import(${JSON.stringify(SERVERS)});
    const answer = await ${name}(${JSON.stringify(path.join(folder, 'stack'))}, ${second});
    console.log(JSON.stringify(answer ?? {}));`;
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, STACK: stack };
  const args = ['--conditions=source', '--input-type=module', '-e', script];
  return JSON.parse(await runProgram(process.execPath, args, { env, lastLines: 40 })) as Record<
    string,
    string
  >;
}

async function told(): Promise<string[]> {
  return (await readFile(path.join(bin, 'told'), 'utf8')).trim().split('\n');
}

describe('servers by Docker', () => {
  it('are the default when an engine answers, on the ports given to Compose', async () => {
    const addresses = await call('serversUp');
    const ports = (await readFile(path.join(bin, 'ports'), 'utf8')).trim().split(' ');
    expect(addresses).toEqual({
      KAFKA_BROKERS: `127.0.0.1:${ports[0]}`,
      REDIS_URL: `redis://127.0.0.1:${ports[1]}`,
      SMTP_URL: `smtp://127.0.0.1:${ports[2]}`,
      INBOX_URL: `http://127.0.0.1:${ports[3]}`,
    });
    expect((await told()).at(-1)).toMatch(
      /^compose --file \S*ops\/compose\/servers.yml --project-name denwa-\w+ up --detach --wait kafka redis inbox$/,
    );
  });

  it('are started once, and their status gives the same addresses', async () => {
    const first = await call('serversUp', 'docker');
    expect(await call('serversUp', 'docker')).toEqual(first);
    expect(await call('serversStatus')).toEqual(first);
    expect((await told()).filter((line) => line.includes(' up '))).toHaveLength(1);
  });

  it('keep their data on `down` and lose it on `reset`', async () => {
    await call('serversUp', 'docker');
    await call('serversDown', '', 'undefined');
    expect((await told()).at(-1)).toMatch(/ down --remove-orphans$/);
    await call('serversDown', '', '3_500');
    expect((await told()).at(-1)).toMatch(/ down --remove-orphans --timeout 4$/);
    expect(await call('serversStatus')).toEqual({});
    await call('serversReset');
    expect((await told()).at(-1)).toMatch(/ down --remove-orphans --volumes$/);
  });

  it('that cannot start are removed, and the error suggests STACK=local', async () => {
    await writeFile(path.join(bin, 'broken'), '');
    await expect(call('serversUp', 'docker')).rejects.toThrow(/STACK=local starts them without Docker/);
    expect((await told()).at(-1)).toMatch(/ down --remove-orphans$/);
  });

  it('report an error when they were requested and no engine answers', async () => {
    await writeFile(path.join(bin, 'docker'), '#!/bin/sh\nexit 1\n');
    await expect(call('serversUp', 'docker')).rejects.toThrow(/no Docker engine with Compose answers/);
  });

  it('skip `down` without an engine, so that its error does not hide the cause', async () => {
    const noCompose = '#!/bin/sh\necho "unknown flag: --file" >&2\nexit 125\n';
    await writeFile(path.join(bin, 'docker'), noCompose);
    await expect(call('serversUp', 'docker')).rejects.toThrow(/no Docker engine with Compose answers/);
    expect(await call('serversDown', '', 'undefined')).toEqual({});
  });

  it('stay up when STACK is not set and the engine answers late', async () => {
    const first = await call('serversUp', 'docker');
    await writeFile(path.join(bin, 'late'), '');
    expect(await call('serversUp')).toEqual(first);
    expect((await told()).filter((line) => / (up|down) /.test(line))).toHaveLength(1);
  });

  it('reject an unknown value of STACK', async () => {
    await expect(call('serversUp', 'podman')).rejects.toThrow(
      /STACK is "podman"; expected "docker" or "local"/,
    );
  });
});
