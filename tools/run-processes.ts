import { readdir, readFile } from 'node:fs/promises';
import { runProgram } from './stack/run-program.ts';

/** By what the processes of a run are known: one of the two is enough. */
export interface RunTraits {
  /** `NAME=value` in the environment they were started with. */
  readonly mark: string;
  /** The process group they are in, also those that were given an environment of their own. */
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

/** What can be seen of a process on Linux; undefined when it has ended, since they end while we look. */
async function seenOnLinux(pid: number): Promise<SeenProcess | undefined> {
  const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [stat, command, environment] = await Promise.all(['stat', 'cmdline', 'environ'].map(read));
  // A zombie has no command line; the name in parentheses may hold blanks, so fields are counted from behind it.
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

/** The processes of a run that live now, this one left out. */
export async function runProcesses({ mark, group }: RunTraits): Promise<readonly RunProcess[]> {
  const all = await allProcesses();
  return all.filter(
    (seen) => seen.pid !== process.pid && (seen.group === group || seen.environment.includes(mark)),
  );
}
