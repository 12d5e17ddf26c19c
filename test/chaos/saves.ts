import { setTimeout as delay } from 'node:timers/promises';
import { EMPTY_VOICE_WARP } from '#rules';
import { sendForm } from '../support/form-fields.ts';
import { bySite } from '../support/setting-ways.ts';
import { openSiteBrowser, type SiteBrowser } from '../support/site-browser.ts';
import type { NotifierProcess } from './notifier-process.ts';
import type { Random } from './random.ts';

/** The token that the saves show the settings API. */
export const TOKEN = 'chaos-saves-token';

const RETRY_MS = 100;

/** A line whose settings are saved: its bulk transfer, and the call forwarding of its two numbers. */
export interface SavedLine {
  readonly lineNumber: string;
  readonly numbers: readonly [string, string];
  /** How many saves were answered, and how many of them the site's. */
  saves: number;
  savesBySite: number;
  /** Whether the site was asked again for want of an answer: it may have ordered the same start or stop twice. */
  isRepeated: boolean;
  /** The cookies of its login, which outlives a process of the site. */
  readonly cookies: Map<string, string>;
}

/** A line that no other row has. */
export function savedLine(random: Random, index: number): SavedLine {
  const lineNumber = `03${String(random.between(100_000, 899_999))}${String(index).padStart(2, '0')}`;
  return {
    lineNumber,
    numbers: [lineNumber, lineNumber.replace('03', '06')],
    saves: 0,
    savesBySite: 0,
    isRepeated: false,
    cookies: new Map(),
  };
}

/**
 * Asks the settings API until it answers: its process may die, and Redis may be away. So what is asked may be written
 * twice, which changes nothing the second time.
 */
export async function ask(
  api: () => NotifierProcess,
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  document?: object,
): Promise<unknown> {
  for (;;) {
    const answer = await fetch(`${api().address ?? 'http://127.0.0.1:1'}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(document && { body: JSON.stringify(document) }),
    }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (answer?.ok && text !== undefined) return text === '' ? undefined : (JSON.parse(text) as unknown);
    if (answer && answer.status < 500) throw new Error(`${method} ${path}: ${answer.status} ${text ?? ''}`);
    await delay(RETRY_MS);
  }
}

/** The programs that save: whichever process lives now. */
export interface Savers {
  readonly api: () => NotifierProcess;
  readonly site: () => NotifierProcess;
}

const TEMPORARY = '59273816';
const PASSWORD = 'Kaede52qx9';

/** Sets a line's temporary password by the settings API. */
export const setByApi =
  (api: () => NotifierProcess) =>
  (lineNumber: string, password: string): Promise<unknown> =>
    ask(api, 'POST', `/v1/numbers/${lineNumber}/temporary-password`, { unit: 'line', password });

/**
 * Logs a line in to the site by its pages, from a temporary password on, which `setTemporary` sets. Nothing may die
 * meanwhile.
 */
export async function logIn(
  { site }: Pick<Savers, 'site'>,
  { lineNumber, cookies }: SavedLine,
  setTemporary: (lineNumber: string, password: string) => Promise<unknown>,
): Promise<void> {
  await setTemporary(lineNumber, TEMPORARY);
  while (!(await site().ready())) await delay(RETRY_MS);
  const browser = openSiteBrowser(site().address ?? '');
  await sendForm(browser, '/login', { number: lineNumber, password: TEMPORARY });
  await sendForm(browser, '/password', { current: TEMPORARY, next: PASSWORD, again: PASSWORD });
  await sendForm(browser, '/login', { number: lineNumber, password: PASSWORD });
  const { headers } = await sendForm(browser, '/one-time-password/decline', {});
  if (headers.location !== '/menu') throw new Error(`${lineNumber} could not log in to the site`);
  for (const [name, value] of browser.cookies) cookies.set(name, value);
}

/** Sends what a page of the site sets until it is saved: its process may die, and who saved last may have been itself. */
async function send(
  site: () => NotifierProcess,
  line: SavedLine,
  path: string,
  fields: Record<string, string>,
): Promise<void> {
  for (;;) {
    const browser: SiteBrowser = openSiteBrowser(site().address ?? 'http://127.0.0.1:1', {}, line.cookies);
    const status = await bySite(browser, path, fields).catch(() => 503);
    if (status === 303) return;
    if (status < 500 && status !== 409) throw new Error(`${path} of the site: ${status}`);
    line.isRepeated = true;
    await delay(RETRY_MS);
  }
}

/**
 * Saves once more on a line, by the settings API or on the site: its bulk transfer starts and stops in turn, or the
 * forwarding of one of its numbers is started or stopped.
 */
export async function saveOn(savers: Savers, line: SavedLine, random: Random): Promise<void> {
  const isBySite = random.between(0, 1) === 0;
  const save = line.saves % 2 === 0 ? saveTransfer : saveWarp;
  await save(savers, line, { random, isBySite });
  line.saves += 1;
  if (isBySite) line.savesBySite += 1;
}

interface How {
  readonly random: Random;
  readonly isBySite: boolean;
}

const destinationOf = ({ saves }: SavedLine): string => `090${String(10_000_000 + saves)}`;

async function saveTransfer({ api, site }: Savers, line: SavedLine, { isBySite }: How): Promise<void> {
  const { lineNumber, numbers, saves } = line;
  const enabled = saves % 4 === 0;
  const to = destinationOf(line);
  if (isBySite) {
    await send(site, line, '/line/bulk-transfer/destinations', { [`to-${numbers[1]}`]: to });
    await send(site, line, '/line/bulk-transfer/service', { enabled: enabled ? 'on' : 'off' });
  } else {
    const document = { enabled, destinations: { [numbers[1]]: to } };
    await ask(api, 'PUT', `/v1/lines/${lineNumber}/bulk-transfer`, document);
  }
}

async function saveWarp({ api, site }: Savers, line: SavedLine, { random, isBySite }: How): Promise<void> {
  const number = line.numbers[random.between(0, 1)] ?? line.lineNumber;
  const enabled = random.between(0, 1) === 0;
  const to = destinationOf(line);
  if (isBySite) {
    const path = `/numbers/${number}/voice-warp`;
    await send(site, line, `${path}/destinations`, { destination1: to, inUse: '1' });
    const service = { enabled: enabled ? 'on' : 'off', condition: 'unconditional', ringSeconds: '20' };
    await send(site, line, `${path}/service`, service);
  } else {
    const document = { ...EMPTY_VOICE_WARP, enabled, destinations: [to, null, null, null] };
    await ask(api, 'PUT', `/v1/numbers/${number}/voice-warp`, document);
  }
}
