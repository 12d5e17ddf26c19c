import { EMPTY_VOICE_WARP } from '#rules';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { killServer, startServer } from '../../../tools/stack/server.ts';
import { SWITCH_COMMANDS_TOPIC, SWITCH_SETTINGS_TOPIC } from '#events';
import { hear, type HeardByTheSwitch } from '../../../libs/settings/testing/switch-log.ts';
import type { Fault, MoreFindings } from '../fault.ts';
import type { NotifierProcess } from '../notifier-process.ts';
import { ask, logIn, savedLine, saveOn, TOKEN, type SavedLine, type Savers } from '../saves.ts';
import type { Scene } from '../scene.ts';

const LINES = 10;
const SAVES_A_LINE = 20;
const CUTS = 6;
/** What somebody sent who then died is told over a minute later. */
const TOLD_LIMIT_MS = 120_000;

/** The two programs that save and tell, and what was saved. */
interface Saving {
  api: NotifierProcess;
  site: NotifierProcess;
  readonly lines: readonly SavedLine[];
  /** What was killed, in order. */
  readonly cuts: string[];
}

const savings = new WeakMap<Scene, Saving>();

const startApi = (scene: Scene): NotifierProcess =>
  scene.launch('dist/apps/settings/src/main.js', { SETTINGS_API_TOKENS: `chaos:${TOKEN}` });
const startSite = (scene: Scene): NotifierProcess => scene.launch('dist/apps/site/src/main.js');

async function killWhileSaving(scene: Scene): Promise<void> {
  const { random } = scene;
  const lines = Array.from({ length: LINES }, (_, index) => savedLine(random, index));
  const saving: Saving = { api: startApi(scene), site: startSite(scene), lines, cuts: [] };
  savings.set(scene, saving);
  const savers: Savers = { api: () => saving.api, site: () => saving.site };
  for (const line of lines) {
    const { lineNumber, numbers } = line;
    await ask(savers.api, 'PUT', `/v1/lines/${lineNumber}`, { brand: 'ntt-east', numbers, contractor: '' });
    await logIn(savers, line);
  }
  const saves = Promise.all(
    lines.map(async (line) => {
      while (line.saves < SAVES_A_LINE) {
        await saveOn(savers, line, random);
        await scene.passBetween(100, 600);
      }
    }),
  );
  for (let cut = 0; cut < CUTS; cut += 1) {
    await scene.passBetween(300, 1_200);
    await cutOnce(scene, saving);
  }
  await saves;
  await scene.pass(6_000);
}

/** Kills a program that tells, Kafka, or both; a program is back at once, Kafka after a while. */
async function cutOnce(scene: Scene, saving: Saving): Promise<void> {
  const { random, ground } = scene;
  const what = (['API', 'site', 'Kafka', 'API and Kafka'] as const)[random.between(0, 3)] ?? 'API';
  saving.cuts.push(what);
  const [broker] = ground.brokers;
  const isKafkaCut = what.endsWith('Kafka') && broker !== undefined;
  if (isKafkaCut) await killServer(broker.folder);
  if (what.startsWith('API')) {
    await saving.api.kill();
    saving.api = startApi(scene);
  }
  if (what === 'site') {
    await saving.site.kill();
    saving.site = startSite(scene);
  }
  if (!isKafkaCut) return;
  await scene.passBetween(500, 2_000);
  await startServer(broker);
}

/** What the switch has heard must be what the API reads, in order, and each start and stop must be there once. */
async function checkTold(scene: Scene): Promise<MoreFindings> {
  const saving = savings.get(scene);
  if (!saving) throw new Error('Nothing was saved');
  const wanted = await savedSettings(saving);
  const end = Date.now() + TOLD_LIMIT_MS;
  let log = await readLog(scene);
  while (Date.now() < end && untold(log.heard, wanted).length > 0) {
    await delay(1_000);
    log = await readLog(scene);
  }
  const saves = saving.lines.reduce((sum, line) => sum + line.saves, 0);
  const bySite = saving.lines.reduce((sum, line) => sum + line.savesBySite, 0);
  const lost = [
    ...untold(log.heard, wanted),
    ...saving.lines.flatMap((line) => wrongCommands(log.heard, line)),
  ];
  const { settings, commands } = log;
  const note = `${saves} saves, ${bySite} of them on the site, ${saving.cuts.join(', ')} killed: told by ${settings} settings and ${commands} commands`;
  return { lost, notes: [note] };
}

async function readLog(
  scene: Scene,
): Promise<{ readonly heard: HeardByTheSwitch; readonly settings: number; readonly commands: number }> {
  const settings = await scene.kafka.read(SWITCH_SETTINGS_TOPIC);
  const all = await scene.kafka.read(SWITCH_COMMANDS_TOPIC);
  // The notifiers' own commands are for faults.
  const commands = all.filter(({ headers }) => headers['ce_sequence'] !== undefined);
  const records = [...settings, ...commands].map((record) => ({
    ...record,
    headers: textsOf(record.headers),
  }));
  return { heard: hear(records as never), settings: settings.length, commands: commands.length };
}

function textsOf(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** What the API reads of each place, by type and number. */
async function savedSettings({ api, lines }: Saving): Promise<ReadonlyMap<string, object>> {
  const wanted = new Map<string, object>();
  for (const { lineNumber, numbers } of lines) {
    const { destinations } = (await ask(() => api, 'GET', `/v1/lines/${lineNumber}/bulk-transfer`)) as {
      destinations: object;
    };
    wanted.set(`bulk-transfer-settings.v1 ${lineNumber}`, { lineNumber, destinations });
    for (const number of numbers) {
      const warp = (await ask(() => api, 'GET', `/v1/numbers/${number}/voice-warp`)) as object;
      // What was never set is not told.
      if (!isDeepStrictEqual(warp, EMPTY_VOICE_WARP))
        wanted.set(`voice-warp.v1 ${number}`, { number, ...warp });
    }
  }
  return wanted;
}

/** Where the switch knows something else than the API, by the order of the numbers or by what a compacted topic keeps. */
function untold({ settings, kept }: HeardByTheSwitch, wanted: ReadonlyMap<string, object>): string[] {
  return [...wanted].flatMap(([name, saved]) => {
    const isAsSaved = (told: { readonly kind: string; readonly sequence: number } | undefined): boolean => {
      const { kind: _kind, sequence: _sequence, ...known } = told ?? { kind: '', sequence: 0 };
      return isDeepStrictEqual(known, saved);
    };
    const highest = isAsSaved(settings.get(name))
      ? []
      : [`${name}: the switch was not told the newest state`];
    return [...highest, ...(isAsSaved(kept.get(name)) ? [] : [`${name}: the newest state is not the last`])];
  });
}

/** Each save of a bulk transfer was a start or a stop, in turn. */
function wrongCommands({ commands }: HeardByTheSwitch, { lineNumber, saves }: SavedLine): string[] {
  const told = commands.filter((command) => command.lineNumber === lineNumber).map(({ action }) => action);
  const expected = Array.from({ length: Math.ceil(saves / 2) }, (_, index) =>
    index % 2 === 0 ? 'start' : 'stop',
  );
  if (isDeepStrictEqual(told, expected)) return [];
  return [`${lineNumber}: told ${told.join(', ')}, expected ${expected.length} starts and stops in turn`];
}

/** Faults between a save and the switch. */
export const SWITCH_FAULTS: readonly Fault[] = [
  {
    name: 'Site, API and Kafka: SIGKILL while settings are saved',
    ground: 'kafka',
    times: CUTS,
    rounds: 5,
    perSecond: 20,
    happen: killWhileSaving,
    check: checkTold,
  },
];
