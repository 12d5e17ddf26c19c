import type { Fault, MoreFindings } from '../chaos/fault.ts';
import { checkTold } from '../chaos/check-told.ts';
import { callEvent, faultEvent, type StreamedEvent } from '../chaos/event-stream.ts';
import type { NotifierProcess } from '../chaos/notifier-process.ts';
import { ask, logIn, savedLine, saveOn, TOKEN, type SavedLine, type Savers } from '../chaos/saves.ts';
import type { Scene } from '../chaos/scene.ts';
import { dialAcross, VOICE_TOKEN } from './dial-across.ts';
import { subscriberWithFive, subscriberWithTransfer } from '../chaos/subscribers.ts';

/** The programs of one release that run beside each other. */
interface Programs {
  readonly notifier: NotifierProcess;
  readonly api: NotifierProcess;
  readonly site: NotifierProcess;
  readonly voice: NotifierProcess;
}

const TOGETHER_MS = 5_000;
const ALONE_MS = 5_000;
const LINES = 3;
const SAVE_EVERY_MS = [100, 400] as const;
const AGAIN = 20;

/** When only one release ran, and mails were deferred. Times are of `performance.now()`. */
interface Period {
  readonly release: 'old' | 'new';
  readonly from: number;
  readonly to: number;
}

/** What happened, for the checks. */
interface Course {
  readonly lines: SavedLine[];
  /** Those that save: one of each release while both run. */
  running: Programs[];
  readonly alone: Period[];
}

/**
 * The last release works, this one joins it and takes over, and then the way back. Mails are deferred by each and retried
 * by the other, settings saved by each and read by the other, calls to the access number answered by each and the other in
 * turn, events published again, and notifiers killed.
 */
export function upgradeAndBack(root: string): Fault {
  const course: Course = { lines: [], running: [], alone: [] };
  return {
    name: 'upgrade and back',
    ground: 'calm',
    times: 2,
    rounds: 1,
    notifiers: 0,
    perSecond: 30,
    happen: (scene) => happen(scene, root, course),
    check: (scene) => check(scene, course),
  };
}

async function happen(scene: Scene, root: string, course: Course): Promise<void> {
  const stop = new AbortController();
  const before = await start(scene, root);
  while (!(await before.notifier.ready())) await scene.pass(100);
  course.running = [before];
  await addLines(scene, course);
  const saving = saveUntil(scene, course, stop.signal);
  const events = eventsOf(scene);
  await Promise.all(events.map((event) => scene.stream.publish(event)));
  await killTogether(scene, root);
  await alone(scene, course, 'old');
  const next = await handOver(scene, course, before);
  await again(scene, events);
  await alone(scene, course, 'new');
  await handOver(scene, course, next, root);
  await again(scene, events);
  await scene.pass(ALONE_MS);
  stop.abort();
  await saving;
}

/** Two more notifiers, one of each release, work beside the first and are killed in the middle of their mails. */
async function killTogether(scene: Scene, root: string): Promise<void> {
  const [old, next] = await Promise.all([scene.startNotifier({ root }), scene.startNotifier()]);
  await scene.pass(TOGETHER_MS);
  await scene.kill(old);
  await scene.kill(next);
}

/** One release works alone while the mail server defers a part of what is new to it. */
async function alone(scene: Scene, { alone: periods }: Course, release: Period['release']): Promise<void> {
  const from = performance.now();
  scene.mail.misbehave({ at: 'rcpt', does: 450, share: 0.3, once: true });
  await scene.pass(ALONE_MS);
  periods.push({ release, from, to: performance.now() });
}

/**
 * Another release starts beside the one that runs, which then ends. The mail server takes nothing meanwhile, so that what
 * was deferred is retried by the other one only, however slow the machine.
 */
async function handOver(scene: Scene, course: Course, from: Programs, root?: string): Promise<Programs> {
  scene.mail.misbehave({ at: 'mail', does: 421, says: '4.3.2 we will be back' });
  const to = await start(scene, root);
  course.running = [from, to];
  await Promise.all([addLines(scene, course), scene.pass(TOGETHER_MS)]);
  course.running = [to];
  await end(scene, from);
  while (!(await to.notifier.ready())) await scene.pass(100);
  scene.mail.behave();
  return to;
}

/**
 * Starts each program of a release, of this checkout without `root`. The notifier may not be ready yet: one that works while
 * the mail server is away gives its partitions up late.
 */
async function start(scene: Scene, root?: string): Promise<Programs> {
  const where = root === undefined ? {} : { root };
  const tokens = { SETTINGS_API_TOKENS: `chaos:${TOKEN}` };
  const api = scene.launch('dist/apps/settings/src/main.js', { ...where, environment: tokens });
  const site = scene.launch('dist/apps/site/src/main.js', where);
  const notifier = scene.launchNotifier(where);
  const voice = scene.launch('dist/apps/voice/src/main.js', {
    ...where,
    environment: { VOICE_TOKENS: `media:${VOICE_TOKEN}` },
  });
  while (!((await api.ready()) && (await site.ready()) && (await voice.ready()))) await scene.pass(100);
  return { notifier, api, site, voice };
}

/** Ends the programs of a release as an orchestrator does. */
async function end(scene: Scene, { notifier, api, site, voice }: Programs): Promise<void> {
  const codes = await Promise.all([scene.stop(notifier), api.stop(), site.stop(), voice.stop()]);
  if (codes.some((code) => code !== 0))
    throw new Error(`exit codes ${codes.join(', ')}: see ${scene.folder}`);
}

/** Calls to five recipients and faults, published again and again: only the first one counts. */
function eventsOf({ name }: Scene): StreamedEvent[] {
  return Array.from({ length: AGAIN }, (_, index) => [
    callEvent(`${name}-call-${index}`, subscriberWithFive(index)),
    faultEvent(`${name}-fault-${index}`, subscriberWithTransfer(index)),
  ]).flat();
}

const again = (scene: Scene, events: readonly StreamedEvent[]): Promise<void> =>
  scene.publisher.publish(events.map(({ record }) => record));

const saversOf = (scene: Scene, course: Course): Savers => {
  const one = (): Programs => {
    const chosen = course.running[scene.random.between(0, course.running.length - 1)];
    if (!chosen) throw new Error('No release runs');
    return chosen;
  };
  return { api: () => one().api, site: () => one().site };
};

/**
 * Makes lines known by whoever runs, dials their passwords, and logs them in: the login outlives the release that began
 * it.
 */
async function addLines(scene: Scene, course: Course): Promise<void> {
  const newest = course.running.at(-1);
  if (!newest) throw new Error('No release runs');
  const savers: Savers = { api: () => newest.api, site: () => newest.site };
  const voices = course.running.map(({ voice }) => voice);
  const first = course.lines.length;
  for (let index = first; index < first + LINES; index += 1) {
    const line = savedLine(scene.random, index);
    const { lineNumber, numbers } = line;
    const document = { brand: 'ntt-east', numbers, contractor: '' };
    await ask(savers.api, 'PUT', `/v1/lines/${lineNumber}`, document);
    await logIn(savers, line, (number, password) => dialAcross(voices, number, password));
    course.lines.push(line);
  }
}

/** Saves on every line, each time by another of the releases that run. */
async function saveUntil(scene: Scene, course: Course, signal: AbortSignal): Promise<void> {
  const savers = saversOf(scene, course);
  while (!signal.aborted) {
    await Promise.all(course.lines.map((line) => saveOn(savers, line, scene.random)));
    await scene.passBetween(...SAVE_EVERY_MS);
  }
}

async function check(scene: Scene, course: Course): Promise<MoreFindings> {
  const [last] = course.running;
  if (!last) throw new Error('No release runs');
  const told = await checkTold(scene, { api: last.api, lines: course.lines });
  const missing = (['old', 'new'] as const).filter((release) => handedOver(scene, course, release) === 0);
  return {
    lost: [
      ...told.lost,
      ...missing.map((release) => `nothing that the ${release} one deferred was retried by the other`),
    ],
    notes: told.notes,
  };
}

/** How many recipients were refused while only `release` ran, and accepted while only the other one did, or later. */
function handedOver({ mail }: Scene, { alone: periods }: Course, release: Period['release']): number {
  const own = periods.find((period) => period.release === release);
  if (!own) return 0;
  const refused = mail.refusals.filter(({ code, at }) => code === 450 && at >= own.from && at <= own.to);
  const addresses = new Set(refused.map(({ address }) => address));
  return mail.copies.filter(({ address, at }) => addresses.has(address) && at > own.to).length;
}
