import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { build } from '../../tools/build.ts';
import { readArguments, runCommand, say } from '../../tools/run-command.ts';
import { FAULTS } from './faults/faults.ts';
import type { Fault, GroundKind } from './fault.ts';
import { openGround, type Ground } from './ground.ts';
import { whyNoSmallDisk } from './small-disk.ts';
import { runRow, type Row } from './run-row.ts';
import { runFolder, sweep } from './sweep.ts';
import { joined, tableOf } from './table.ts';

const BROKERS: Readonly<Record<GroundKind, number>> = {
  calm: 1,
  redis: 1,
  sentinel: 1,
  cluster: 1,
  kafka: 1,
  three: 3,
  tight: 1,
  long: 1,
};
/** Rows that do not touch the servers mostly wait, so several run at once. */
const CALM_AT_ONCE = 4;
const GROUNDS_AT_ONCE = 2;
const MOST_SHOWN = 10;
const MOST_SEED = 2 ** 31;

const USAGE = `npm run chaos [-- --quick --json --seed N --only PART …]
  a fault runs when its name contains one of the parts`;

function parseOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string', multiple: true, default: [''] },
    },
  });
  if (values.seed !== undefined && !/^\d{1,10}$/.test(values.seed))
    throw new Error('--seed: expected a whole number');
  const unknown = values.only.find((part) => !FAULTS.some(({ name }) => name.includes(part)));
  if (unknown !== undefined) throw new Error(`--only: no fault's name contains "${unknown}"`);
  return values;
}

const options = readArguments(USAGE, parseOptions);

/** Rows that did not complete: the run has failed. */
let broken = 0;

/** One round of a fault, with the seed that reproduces it. */
interface Round {
  readonly fault: Fault;
  readonly seed: number;
}

const isWanted = (name: string): boolean => options.only.some((part) => name.includes(part));

function roundsOf(kind: GroundKind, seed: number): Round[] {
  const faults = FAULTS.filter(({ ground, name }) => ground === kind && isWanted(name));
  const most = options.quick ? 1 : Math.max(0, ...faults.map(({ rounds }) => rounds));
  return Array.from({ length: most }, (_, round) =>
    faults
      .filter(({ rounds }) => round < rounds)
      .map((fault) => ({ fault, seed: (seed + round) % MOST_SEED })),
  ).flat();
}

/** The row of a fault that was not run or did not complete. */
function notRun({ name, targetMs }: Fault, why: string): Row {
  say(`NOT RUN: ${name}: ${why}`);
  const nothing = { times: 0, events: 0, lost: 0, doubled: 0, doubledOutsideWindow: 0, longestStallMs: 0 };
  return { fault: name, ...nothing, recoveryMs: null, targetMs: targetMs ?? null, findings: [] };
}

async function play({ fault, seed }: Round, ground: Ground, signal: AbortSignal): Promise<Row> {
  const began = Date.now();
  let row: Row;
  try {
    signal.throwIfAborted();
    const missing = await fault.missing?.();
    if (missing !== undefined) return notRun(fault, missing);
    row = await runRow(fault, ground, seed, signal);
  } catch (error) {
    broken += 1;
    return notRun(
      fault,
      error instanceof Error ? (error.stack ?? '').split('\n', 4).join('\n') : String(error),
    );
  }
  const failed = row.lost + row.doubledOutsideWindow > 0;
  say(
    `${failed ? '✗' : '✓'} ${fault.name} (seed ${seed}, ${Math.round((Date.now() - began) / 1_000)} s): ` +
      `${row.events} events, ${row.lost} lost, ${row.doubled} doubled`,
  );
  for (const finding of row.findings.slice(0, MOST_SHOWN)) say(`    ${finding}`);
  if (row.findings.length > MOST_SHOWN) say(`    … and ${row.findings.length - MOST_SHOWN} more`);
  return row;
}

async function playOn(kind: GroundKind, seed: number, folder: string, signal: AbortSignal): Promise<Row[]> {
  const rounds = roundsOf(kind, seed);
  if (rounds.length === 0) return [];
  const missing = kind === 'tight' ? whyNoSmallDisk() : undefined;
  if (missing !== undefined) return rounds.map(({ fault }) => notRun(fault, missing));
  const ground = await openGround(
    path.join(folder, kind),
    {
      brokers: BROKERS[kind],
      redis: kind === 'sentinel' || kind === 'cluster' ? kind : 'single',
      onSmallDisks: kind === 'tight',
    },
    say,
    signal,
  );
  try {
    return await pMap(rounds, (round) => play(round, ground, signal), {
      concurrency: kind === 'calm' ? CALM_AT_ONCE : 1,
    });
  } finally {
    await ground.close();
  }
}

async function chaos(signal: AbortSignal): Promise<number> {
  const seed = options.seed === undefined ? randomInt(MOST_SEED) : Number(options.seed);
  const folder = runFolder();
  await sweep();
  say('Compiling');
  await build(signal);
  say(`Seed ${seed}: \`npm run chaos -- --seed ${seed}\` reproduces this run`);
  const kinds = (Object.keys(BROKERS) as GroundKind[]).filter((kind) => kind !== 'long');
  const [others, long] = await Promise.all([
    pMap(kinds, (kind) => playOn(kind, seed, folder, signal), { concurrency: GROUNDS_AT_ONCE }),
    // It mostly waits, so it runs beside all the others.
    playOn('long', seed, folder, signal),
  ]);
  const rows = joined([...others.flat(), ...long]);
  signal.throwIfAborted();
  const lost = rows.reduce((sum, row) => sum + row.lost, 0);
  const doubledOutsideWindow = rows.reduce((sum, row) => sum + row.doubledOutsideWindow, 0);
  const ok = lost + doubledOutsideWindow + broken === 0;
  process.stdout.write(
    `${tableOf(rows)}\nseed ${seed}: ${lost} lost, ${doubledOutsideWindow} doubled outside the window\n`,
  );
  if (ok) await rm(folder, { recursive: true, force: true });
  else say(`The notifiers' logs are in ${folder}`);
  if (options.json) {
    const shown = rows.map(({ findings: _findings, ...row }) => row);
    process.stdout.write(`${JSON.stringify({ seed, lost, doubledOutsideWindow, rows: shown })}\n`);
  }
  return ok ? 0 : 1;
}

await runCommand(chaos);
