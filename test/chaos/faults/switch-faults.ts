import { killServer, startServer } from '../../../tools/stack/server.ts';
import { checkTold } from '../check-told.ts';
import type { Fault, MoreFindings } from '../fault.ts';
import type { NotifierProcess } from '../notifier-process.ts';
import { ask, logIn, setByApi, savedLine, saveOn, TOKEN, type SavedLine, type Savers } from '../saves.ts';
import type { Scene } from '../scene.ts';

const LINES = 10;
const SAVES_A_LINE = 20;
const CUTS = 6;

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
  scene.launch('dist/apps/settings/src/main.js', { environment: { SETTINGS_API_TOKENS: `chaos:${TOKEN}` } });
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
    await logIn(savers, line, setByApi(savers.api));
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

/** What was saved must be what the switch was told. */
async function check(scene: Scene): Promise<MoreFindings> {
  const saving = savings.get(scene);
  if (!saving) throw new Error('Nothing was saved');
  const { lost, notes } = await checkTold(scene, saving);
  return { lost, notes: [...notes, `${saving.cuts.join(', ')} killed`] };
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
    check,
  },
];
