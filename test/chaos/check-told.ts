import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { SWITCH_COMMANDS_TOPIC, SWITCH_SETTINGS_TOPIC } from '#events';
import { EMPTY_VOICE_WARP } from '#rules';
import { hear, type HeardByTheSwitch } from '../../libs/settings/testing/switch-log.ts';
import type { MoreFindings } from './fault.ts';
import type { NotifierProcess } from './notifier-process.ts';
import { ask, type SavedLine } from './saves.ts';
import type { Scene } from './scene.ts';

/** What somebody sent who then died is told over a minute later. */
const TOLD_LIMIT_MS = 120_000;

/** What was saved, and a settings API that reads it. */
interface Saved {
  readonly api: NotifierProcess;
  readonly lines: readonly SavedLine[];
}

/** What the switch has heard must be what the API reads, in order, and each start and stop must be there once. */
export async function checkTold(scene: Scene, saved: Saved): Promise<MoreFindings> {
  const wanted = await savedSettings(saved);
  const end = Date.now() + TOLD_LIMIT_MS;
  let log = await readLog(scene);
  while (Date.now() < end && untold(log.heard, wanted).length > 0) {
    await delay(1_000);
    log = await readLog(scene);
  }
  const saves = saved.lines.reduce((sum, line) => sum + line.saves, 0);
  const bySite = saved.lines.reduce((sum, line) => sum + line.savesBySite, 0);
  const lost = [
    ...untold(log.heard, wanted),
    ...saved.lines.flatMap((line) => wrongCommands(log.heard, line)),
  ];
  const { settings, commands } = log;
  const note = `${saves} saves, ${bySite} of them on the site: told by ${settings} settings and ${commands} commands`;
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
async function savedSettings({ api, lines }: Saved): Promise<ReadonlyMap<string, object>> {
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

/** Each save of a bulk transfer was a start or a stop, in turn. The site orders what was chosen before once more. */
function wrongCommands(
  { commands }: HeardByTheSwitch,
  { lineNumber, saves, isRepeated }: SavedLine,
): string[] {
  const all = commands.filter((command) => command.lineNumber === lineNumber).map(({ action }) => action);
  const told = isRepeated ? all.filter((action, index) => action !== all[index - 1]) : all;
  const expected = Array.from({ length: Math.ceil(saves / 2) }, (_, index) =>
    index % 2 === 0 ? 'start' : 'stop',
  );
  if (isDeepStrictEqual(told, expected)) return [];
  return [`${lineNumber}: told ${told.join(', ')}, expected ${expected.length} starts and stops in turn`];
}
