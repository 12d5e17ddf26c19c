import { parseArgs } from 'node:util';
import path from 'node:path';
import { build } from '../../../tools/build.ts';
import { readArguments, runCommand, say } from '../../../tools/run-command.ts';
import { STACK_FOLDER } from '../../../tools/stack/servers.ts';
import { openGround, type Ground } from '../../chaos/ground.ts';
import { OUTAGES, type Outage } from './outage-list.ts';
import { openScene, type OutageScene } from './outage-scene.ts';
import { VIEWS, watch, type Sightings, type Watched } from './watch-outage.ts';

const ALERT_LIMIT_MS = 240_000;
const BACK_LIMIT_MS = 180_000;
const USAGE = `npm run outages [-- --only PART]
  an outage runs when its name contains the part`;

function parseOptions(): { readonly only: string } {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
  if (OUTAGES.some(({ name }) => name.includes(values.only))) return values;
  throw new Error(`--only: no outage's name contains "${values.only}"`);
}

const { only } = readArguments(USAGE, parseOptions);

/** What became of a row, for the table. */
interface Told {
  readonly name: string;
  readonly seen: Watched['seen'];
  readonly back: string;
  readonly isAsExpected: boolean;
}

/** Whether every call that Kafka has became one mail for each recipient. */
function isDelivered({ mail, owed }: OutageScene): boolean {
  const taken = new Set(mail.copies.map(({ address }) => address));
  return owed.length > 0 && owed.every((address) => taken.has(address));
}

/** The mails that came twice. */
function doubled({ mail }: OutageScene): number {
  return mail.copies.length - new Set(mail.copies.map(({ address }) => address)).size;
}

async function play(outage: Outage, ground: Ground): Promise<Told> {
  const name = outage.name.replaceAll(/\W+/g, '-');
  const scene = await openScene({ name, ground, ...(outage.notifier && { notifier: outage.notifier }) });
  try {
    const isTold = (facts: readonly string[]): boolean =>
      facts.some((fact) => fact.startsWith(`${outage.alert} `));
    const nothing = (): void => undefined;
    const isWrongFromStart = outage.notifier !== undefined;
    if (!outage.isLossy && !isWrongFromStart)
      await watch(scene, nothing, () => isDelivered(scene), BACK_LIMIT_MS);
    const during = await watch(
      scene,
      () => outage.begin(scene),
      ({ alerts }) => isTold(alerts),
      ALERT_LIMIT_MS,
    );
    await outage.end(scene);
    if (outage.isLossy) return { name: outage.name, ...during, back: '', isAsExpected: during.done };
    const healthy = await watch(scene, nothing, ({ health }) => health.length === 0, BACK_LIMIT_MS);
    const delivered = await watch(scene, nothing, () => isDelivered(scene), BACK_LIMIT_MS);
    const back =
      `ready after ${healthy.seconds.toFixed(1)} s, all ${scene.owed.length} mails after ` +
      `${(healthy.seconds + delivered.seconds).toFixed(1)} s, ${doubled(scene)} twice`;
    const isAsExpected = during.done && healthy.done && delivered.done;
    return { name: outage.name, ...during, back, isAsExpected };
  } finally {
    await scene.close();
  }
}

const cell = (seen: Sightings): string =>
  [...seen].map(([fact, seconds]) => `${fact.replaceAll('|', '\\|')} ${seconds.toFixed(1)} s`).join('<br>') ||
  '—';

const HEADS = ['what', ...VIEWS, 'back'];

/** Prints a row of the table as soon as it is known: a run takes long, and may be interrupted. */
function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

async function playOn(kind: Outage['ground'], signal: AbortSignal): Promise<Told[]> {
  const outages = OUTAGES.filter(({ ground, name }) => ground === kind && name.includes(only));
  if (outages.length === 0) return [];
  const folder = path.join(STACK_FOLDER, `outages-${process.pid}`, kind);
  const ground = await openGround(folder, { brokers: 1, redis: 'single', onSmallDisks: false }, say, signal);
  const told: Told[] = [];
  try {
    for (const outage of outages) {
      signal.throwIfAborted();
      const row = await play(outage, ground);
      told.push(row);
      say(`${row.isAsExpected ? '✓' : '✗'} ${row.name}`);
      print([row.name, ...VIEWS.map((view) => cell(row.seen[view])), row.back || '—']);
    }
    return told;
  } finally {
    await ground.close();
  }
}

async function outages(signal: AbortSignal): Promise<number> {
  await build(signal);
  print(HEADS);
  print(HEADS.map(() => '---'));
  const rows = (await Promise.all((['mail', 'servers'] as const).map((kind) => playOn(kind, signal)))).flat();
  return rows.every(({ isAsExpected }) => isAsExpected) ? 0 : 1;
}

await runCommand(outages);
