import { readdir, readFile } from 'node:fs/promises';
import { runProgram } from './stack/run-program.ts';

/** How the processes of a run are recognised: either is enough. */
export interface RunTraits {
  /** `NAME=value` in their environment. */
  readonly mark: string;
  /** Their process group, for those that got another environment. */
  readonly group: number | undefined;
}

interface RunProcess {
  readonly pid: number;
  readonly command: string;
}

interface SeenProcess extends RunProcess {
  readonly group: number;
  readonly environment: readonly string[];
}

/** Reads a process from /proc; undefined when it has exited meanwhile. */
async function seenOnLinux(pid: number): Promise<SeenProcess | undefined> {
  const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [stat, command, environment] = await Promise.all(['stat', 'cmdline', 'environ'].map(read));
  // A zombie has no command line. The name in parentheses may contain spaces, so fields are counted after it.
  if (!stat || !command) return undefined;
  const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  return {
    pid,
    group,
    command: command.split('\0').join(' ').trim(),
    environment: environment?.split('\0') ?? [],
  };
}

async function allProcesses(): Promise<readonly SeenProcess[]> {
  if (process.platform === 'linux') {
    const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
    return (await Promise.all(pids.map(seenOnLinux))).filter((seen) => seen !== undefined);
  }
  const lines = (await runProgram('ps', ['eww', '-ax', '-o', 'pid=,pgid=,command='])).trim().split('\n');
  return lines.map((line) => {
    const [pid = '', group = '', ...words] = line.trim().split(/\s+/);
    return {
      pid: Number(pid),
      group: Number(group),
      command: words.join(' ').slice(0, 200),
      environment: words,
    };
  });
}

/** Lists the running processes of a run, except this one. */
export async function runProcesses({ mark, group }: RunTraits): Promise<readonly RunProcess[]> {
  const all = await allProcesses();
  return all.filter(
    (seen) => seen.pid !== process.pid && (seen.group === group || seen.environment.includes(mark)),
  );
}
