import {
  createSparingLogIn,
  enterCode,
  findLogin,
  NO_ACCOUNT,
  putSelfCare,
  sendCode,
  setIpPhonePassword,
  type Group,
  type Line,
  type Unit,
} from '#access';
import {
  createScene,
  given,
  IN_USE,
  LINE,
  NEXT_PASSWORD,
  NUMBER,
  openBrowser,
  OTHER,
  PASSWORD,
  USER,
  withPassword,
  type Scene,
} from '../../libs/access/testing/access-scene.ts';
import type { NumberSection } from '#rules';
import { plain } from '../../libs/access/testing/plain-hasher.ts';
import { InMemorySettingsRepository } from '../../libs/settings/testing/in-memory-settings-repository.ts';
import { openSiteBrowser, type SiteBrowser } from './site-browser.ts';
import type { SiteInMemory } from './site-in-memory.ts';

/** How far somebody has come: nowhere, a step of a login, or in. */
export type State =
  'out' | 'change-password' | 'choose-one-time' | 'code' | 'in' | 'self-care-code' | 'self-care';

/** Somebody before the site: a number of a line, how far its login is, and the line's unit. */
export interface Somebody {
  readonly unit: Unit;
  readonly own: string;
  readonly state: State;
}

/** A number of another line, and one of nobody. */
export const FOREIGN = '0455555555';
export const UNKNOWN = '0466666666';
export const TEMPORARY = '20485163';
/** The number of the self-care id, and what its IP phone's password is and may become. */
export const IP_PHONE = '05012345678';
export const IP_PHONE_PASSWORD = 'Kaede052';
export const NEXT_IP_PHONE_PASSWORD = 'Momiji83';

/** A scene with the line, another line and a self-care id, and a browser of somebody who has come that far. */
export async function stage(
  site: SiteInMemory,
  { unit, own, state }: Somebody,
): Promise<{ scene: Scene; browser: SiteBrowser }> {
  const scene = createScene();
  scene.lines = [LINE, { lineNumber: FOREIGN, brand: 'ntt-east', numbers: [FOREIGN] }];
  site.scene = scene;
  site.settings = await settingsOf(scene.lines);
  const { confirmation = null } = IN_USE;
  const oneTime = { in: { use: false, confirmation }, code: IN_USE, 'choose-one-time': { use: null } };
  const other = withPassword(scene, PASSWORD, oneTime.in);
  const mine = withPassword(scene, PASSWORD, oneTime[state as keyof typeof oneTime] ?? {});
  const temporary = { phc: plain(TEMPORARY), setAt: scene.now, unit };
  const accounts = { [NUMBER]: other, [USER]: other, [OTHER]: other };
  await given(scene, unit, {
    ...accounts,
    [own]: state === 'change-password' ? { ...mine, temporary } : mine,
  });
  await scene.deps.store.change(`line:${FOREIGN}`, [FOREIGN], () => ({
    result: undefined,
    accounts: new Map([[FOREIGN, { ...NO_ACCOUNT, ...other }]]),
  }));
  const secret = state.startsWith('self-care')
    ? await selfCareLogin(scene, state)
    : await numberLogin(scene, own, state);
  const browser = openSiteBrowser(site.url);
  if (secret !== undefined) browser.cookies.set('__Host-login', secret);
  return { scene, browser };
}

/** Settings that know these lines, everything off and empty. */
async function settingsOf(lines: readonly Line[]): Promise<InMemorySettingsRepository> {
  const settings = new InMemorySettingsRepository();
  for (const line of lines) await settings.putLine({ ...line, contractor: '' });
  return settings;
}

async function numberLogin(scene: Scene, own: string, state: State): Promise<string | undefined> {
  if (state === 'out') return undefined;
  const browser = openBrowser(scene);
  await browser.logIn(own, state === 'change-password' ? TEMPORARY : PASSWORD);
  const found = await browser.look();
  expect([state, found.kind === 'found' && (found.login.stage ?? 'in')]).toEqual([state, state]);
  return browser.login;
}

async function selfCareLogin({ deps, mails }: Scene, state: State): Promise<string> {
  const profile = { brand: 'rakuten-mobile', numbers: [IP_PHONE], address: 's@example.jp' };
  await putSelfCare(deps, 'taro', { ...profile, service: 'ip-phone', password: PASSWORD });
  await setIpPhonePassword(deps, IP_PHONE, IP_PHONE_PASSWORD);
  const as = { selfCareId: 'taro' };
  const waits = await createSparingLogIn(deps)({
    as,
    password: PASSWORD,
    browser: undefined,
    source: '192.0.2.1',
  });
  if (!('secret' in waits)) throw new Error(waits.kind);
  if (state === 'self-care-code') return waits.secret;
  const found = await findLogin(deps, { login: waits.secret, browser: undefined });
  if (found.kind !== 'found') throw new Error(found.kind);
  await sendCode(deps, found.login);
  const secret = mails.at(-1)?.secret;
  const code = secret && 'code' in secret ? secret.code : '';
  const entered = await enterCode(deps, found.login, { code, browser: undefined });
  if (entered.kind !== 'in') throw new Error(entered.kind);
  return entered.secret;
}

/** Every account there is, by its number or id, and each line's unit. */
export async function accountsOf({ deps: { store } }: Scene): Promise<ReadonlyMap<string, unknown>> {
  const groups: readonly (readonly [Group, readonly string[]])[] = [
    [`line:${NUMBER}`, LINE.numbers],
    [`line:${FOREIGN}`, [FOREIGN]],
    ['self-care:taro', ['taro']],
    [`ip-phone:${IP_PHONE}`, [IP_PHONE]],
  ];
  const read = await Promise.all(groups.map(([group, names]) => store.read(group, names)));
  return new Map([
    ...read.flatMap(({ accounts: found }) => [...found] as [string, unknown][]),
    ...read.map(({ unit, profile }, index): [string, unknown] => [`group ${index}`, { unit, profile }]),
  ]);
}

/** Every number's settings and every line's, by the number and `line` with its number. */
export async function settingsOfAll({ settings }: SiteInMemory): Promise<ReadonlyMap<string, unknown>> {
  const [numbers, lines] = [
    [...LINE.numbers, FOREIGN],
    [NUMBER, FOREIGN],
  ];
  const ofNumbers = numbers.map(async (number) => [number, await settings.getNumber(number)] as const);
  const ofLines = lines.map(async (line) => {
    const parts = [await settings.getFaultNotice(line), await settings.getBulkTransfer(line)];
    return [`line ${line}`, parts] as const;
  });
  return new Map<string, unknown>(await Promise.all([...ofNumbers, ...ofLines]));
}

/** The version of what a page of settings changes; empty for other pages. */
export async function versionAt({ settings }: SiteInMemory, path: string): Promise<string> {
  const [, place = '', number = '', service = ''] = path.split('/');
  const section = SECTIONS.get(service);
  if (place === 'numbers' && section) return (await settings.getSection(number, section))?.version ?? '';
  if (path.startsWith('/line/fault-notice')) return (await settings.getFaultNotice(NUMBER))?.version ?? '';
  if (path.startsWith('/line/bulk-transfer')) return (await settings.getBulkTransfer(NUMBER))?.version ?? '';
  return '';
}

const SECTIONS: ReadonlyMap<string, NumberSection> = new Map([
  ['call-notice', 'callNotice'],
  ['fax-notice', 'faxNotice'],
  ['voice-warp', 'voiceWarp'],
]);

/** A form that would do what each page is for. */
export function formOf({ state }: Somebody, value: string): Record<string, string> {
  const own = state === 'change-password' ? TEMPORARY : PASSWORD;
  const isIpPhone = state === 'self-care';
  const next = isIpPhone ? NEXT_IP_PHONE_PASSWORD : NEXT_PASSWORD;
  return {
    number: IP_PHONE,
    current: isIpPhone ? IP_PHONE_PASSWORD : own,
    next,
    again: next,
    use: 'no',
    code: '12345678',
    address: 'new@example.jp',
    id: 'Kakunin01',
    password: 'tsubaki42q',
    token: 'x'.repeat(43),
    username: value,
    numbers: value,
    line: value,
    unit: 'line',
    login: value,
    address1: 'new@example.jp',
    send1: 'on',
    enabled: 'off',
    unansweredOnly: 'on',
    caller1: '09012345678',
    chosen1: 'on',
    condition: 'busy',
    destination1: '0698765432',
    inUse: '1',
    mode: 'off',
    [`to-${NUMBER}`]: '0698765432',
    contractorName: '山田商店',
    location: '本社ビル',
    autoStartTransfer: 'on',
    autoStopTransfer: 'on',
    ...Object.fromEntries([...LINE.numbers, FOREIGN].map((number) => [`password-${number}`, PASSWORD])),
  };
}
