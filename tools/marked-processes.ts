import { readdir, readFile } from 'node:fs/promises';
import { runProgram } from './stack/run-program.ts';

/** A process that carries a mark in the environment it was started with. */
export interface MarkedProcess {
  readonly pid: number;
  readonly command: string;
}

async function linuxProcesses(mark: string): Promise<MarkedProcess[]> {
  const found: MarkedProcess[] = [];
  for (const name of await readdir('/proc')) {
    // Processes end while we look, and those of others cannot be read: neither is ours.
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (!/^\d+$/.test(name) || !environment.split('\0').includes(mark)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (command !== '') found.push({ pid: Number(name), command: command.split('\0').join(' ').trim() });
  }
  return found;
}

async function otherProcesses(mark: string): Promise<MarkedProcess[]> {
  const lines = (await runProgram('ps', ['eww', '-ax', '-o', 'pid=,command='])).split('\n');
  return lines
    .filter((line) => line.split(' ').includes(mark))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().slice(0, 200) }));
}

/** The processes that were started with `mark` (`NAME=value`) in their environment, this one left out. */
export async function markedProcesses(mark: string): Promise<readonly MarkedProcess[]> {
  const all = process.platform === 'linux' ? await linuxProcesses(mark) : await otherProcesses(mark);
  return all.filter(({ pid }) => pid !== process.pid);
}
