import { isDeepStrictEqual } from 'node:util';
import type { Unit } from '#access';
import { shownNumber } from '#mail';
import { LINE, NUMBER, USER } from '../../../libs/access/testing/access-scene.ts';
import type { SiteAnswer, SiteBrowser } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import {
  accountsOf,
  FOREIGN,
  formOf,
  IP_PHONE,
  settingsOfAll,
  stage,
  UNKNOWN,
  versionAt,
  type Somebody,
  type State,
} from '../../support/site-somebody.ts';
import { uploadForm } from '../../support/upload-form.ts';

/** What somebody asks for; `value` stands in the path where that has a name, and in every field of the form. */
interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly value: string;
}

/** One's own number or another of the line, one of another line, and one of nobody. */
const TARGETS = [NUMBER, USER, FOREIGN, UNKNOWN];
const UNITS: readonly Unit[] = ['line', 'number', 'administrator-user'];

/**
 * Who may use which pages, as A1–A15 say: whoever comes, or the logins at these stages. Nothing of it is taken from the
 * site. Everybody else is sent to what he has to do first, or to log in.
 */
const MAY: readonly (readonly [who: 'everybody' | readonly State[], ...paths: string[]])[] = [
  [
    'everybody',
    '/',
    '/help',
    '/help/:topic',
    '/login',
    '/logout',
    '/self-care',
    '/.well-known/change-password',
  ],
  ['everybody', '/registration', '/registration/done', '/password/changed', '/unit/changed'],
  [['change-password', 'in'], '/password'],
  [['choose-one-time', 'in'], '/one-time-password', '/one-time-password/decline'],
  [
    ['choose-one-time', 'code', 'in'],
    ...['/address', '/confirm', '/sent'].map((page) => `/one-time-password${page}`),
  ],
  [['code'], '/code', '/code/send', '/code/address'],
  [['in'], '/menu', '/services', '/services/:service', '/history'],
  ...['/services/call-notice/csv', '/line/bulk-transfer/csv', '/one-time-password/csv'].map(
    (path): [readonly State[], ...string[]] => [['in'], path, `${path}/file`, `${path}/set`],
  ),
  [['in'], '/numbers/:number/call-notice', '/numbers/:number/fax-notice', '/line/fault-notice'],
  [
    ['in'],
    ...['recipients', 'service', 'conditions', 'target-callers', 'dry-run'].map(
      (page) => `/numbers/:number/call-notice/${page}`,
    ),
  ],
  [['in'], '/numbers/:number/history'],
  [['in'], '/numbers/:number/fax-notice/service', '/numbers/:number/fax-notice/recipients'],
  [['in'], '/numbers/:number/fax-notice/received', '/numbers/:number/fax-notice/received/:documentId'],
  [
    ['in'],
    ...['service', 'mail-text', 'recipients', 'auto-start', 'auto-stop'].map(
      (page) => `/line/fault-notice/${page}`,
    ),
  ],
  [['in', 'self-care'], '/session'],
  [['in'], '/password/:number', '/confirmation-id', '/confirmation-password'],
  [['in'], '/unit', '/unit/:unit', '/unit/confirm'],
  [['self-care-code'], '/self-care/code', '/self-care/code/send'],
  [
    ['in'],
    '/numbers/:number/voice-warp',
    ...['service', 'destinations', 'select', 'select-list'].map(
      (page) => `/numbers/:number/voice-warp/${page}`,
    ),
  ],
  [
    ['in'],
    '/line/bulk-transfer',
    ...['service', 'start', 'search', 'destinations', 'destinations/:page'].map(
      (page) => `/line/bulk-transfer/${page}`,
    ),
  ],
  [['self-care'], '/self-care/menu', '/self-care/ip-phone-password'],
  [['self-care'], '/self-care/ip-phone-password/confirm', '/self-care/ip-phone-password/changed'],
];

/** Where a login has to go first. */
const FIRST: Readonly<Record<State, string>> = {
  out: '/login',
  'change-password': '/password',
  'choose-one-time': '/one-time-password',
  code: '/code',
  in: '/menu',
  'self-care-code': '/self-care/code',
  'self-care': '/self-care/menu',
};

const site = await startSiteInMemory();
let cases = 0;
afterAll(() => console.log(`who may what: ${cases} cases`));

/** The numbers that a login may set (A1). */
function settable({ unit, own }: Somebody): readonly string[] {
  return unit !== 'number' && own === NUMBER ? LINE.numbers : [own];
}

/** Whether what stands in the path is there for this login. */
function isThere(somebody: Somebody, path: string, value: string): boolean {
  const { unit, own } = somebody;
  if (path.endsWith('/:documentId')) return false; // F2: nothing was received
  if (path.startsWith('/numbers/:number/')) return settable(somebody).includes(value); // A1
  if (path.endsWith('/:page')) return own === NUMBER && value === '1'; // A1, V2
  if (path.startsWith('/line/')) return own === NUMBER; // A1, R1
  switch (path) {
    case '/password/:number': // A7
      return (
        value === own || (unit === 'administrator-user' && own === NUMBER && LINE.numbers.includes(value))
      );
    case '/unit/:unit': // A6
      return value !== unit && (unit !== 'administrator-user' || own === NUMBER);
    case '/help/:topic':
      return value === 'call-notice';
    case '/services/:service': // A13
      return value === 'call-notice';
    default:
      return true;
  }
}

/** What may stand in a path's place of a name, or in a form. */
function valuesOf(path: string, method: string): readonly string[] {
  if (path.endsWith('/:unit')) return UNITS;
  if (path.endsWith('/:page')) return ['1', '2'];
  if (path.endsWith('/:service') || path.endsWith('/:topic')) return ['call-notice', 'none-of-ours'];
  return method === 'POST' || path.includes('/:number') ? TARGETS : ['none'];
}

/** What is wrong with an answer; `undefined`: nothing. */
function problemOf(
  somebody: Somebody,
  { method, path, value }: Asked,
  answer: SiteAnswer,
): string | undefined {
  const { status, headers, text } = answer;
  const where = headers.location;
  if (headers['cache-control'] !== 'no-store') return 'may be stored';
  const row = MAY.find(([, ...paths]) => paths.includes(path));
  if (!row) return 'has no row in the table';
  const [who] = row;
  if (who !== 'everybody' && !who.includes(somebody.state)) {
    const isSelfCare = somebody.state === 'out' && who.every((state) => state.startsWith('self-care'));
    const home = isSelfCare ? '/self-care' : FIRST[somebody.state];
    return status === 303 && where?.split('?')[0] === home ? undefined : `not sent to ${home}`;
  }
  if (!isThere(somebody, path, value)) return status === 404 ? undefined : 'is there';
  const isGone = path === '/registration' && status === 404;
  const mayBe = method === 'GET' ? [200, 303] : [200, 303, 409, 422];
  if (!mayBe.includes(status) && !isGone) return 'is not let in';
  const asksAll = path === '/unit/:unit';
  const others = TARGETS.filter((number) => !settable(somebody).includes(number));
  const shown = others.filter((number) => text.includes(number) || text.includes(shownNumber(number)));
  return shown.length > 0 && !asksAll ? `shows ${shown.join()}` : undefined;
}

/** Whose account a request may change: nobody's where it is refused, else one's own, or A7's number. */
function mayChange(somebody: Somebody, { path, method, value }: Asked): readonly string[] {
  const [who = []] = MAY.find(([, ...paths]) => paths.includes(path)) ?? [];
  const isRefused = who !== 'everybody' && !who.includes(somebody.state);
  if (method === 'GET' || isRefused || !isThere(somebody, path, value)) return [];
  const own = somebody.state.startsWith('self-care') ? 'taro' : somebody.own;
  if (path.startsWith('/self-care/ip-phone-password')) return [own, IP_PHONE]; // V4
  if (path === '/unit/:unit') return LINE.numbers; // each password asked is a try of its number
  return path === '/password/:number' ? [own, value] : [own];
}

/** Whose settings a request may change: none where it is refused, else the path's number, or the line's. */
function mayChangeSettings(somebody: Somebody, { path, method, value }: Asked): readonly string[] {
  if (method === 'GET' || somebody.state !== 'in' || !isThere(somebody, path, value)) return [];
  if (path.endsWith('/dry-run')) return []; // V7
  if (path.startsWith('/numbers/:number/')) return [value];
  return path.startsWith('/line/') ? [`line ${NUMBER}`] : [];
}

const changed = (before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] =>
  [...after.keys()].filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)));

/** Sends a form as its page does; that of a CSV carries a file. */
function post(browser: SiteBrowser, path: string, form: Record<string, string>): Promise<SiteAnswer> {
  if (!path.endsWith('/csv')) return browser.post(path, form);
  const { body, headers } = uploadForm(`電話番号\n${form['number']}`);
  return browser.post(path, body, headers);
}

async function check(somebody: Somebody, asked: Asked): Promise<string | undefined> {
  cases += 1;
  const { scene, browser } = await stage(site, somebody);
  const before = [await accountsOf(scene), await settingsOfAll(site)] as const;
  const path = asked.path.replace(/:\w+/, asked.value);
  const answer =
    asked.method === 'GET'
      ? await browser.get(path)
      : await post(browser, path, { ...formOf(somebody, asked.value), version: await versionAt(site, path) });
  const after = [await accountsOf(scene), await settingsOfAll(site)] as const;
  const wrongly = [
    ...changed(before[0], after[0]).filter((name) => !mayChange(somebody, asked).includes(name)),
    ...changed(before[1], after[1]).filter((name) => !mayChangeSettings(somebody, asked).includes(name)),
  ];
  const problem = problemOf(somebody, asked, answer) ?? (wrongly.length > 0 && `changes ${wrongly.join()}`);
  const { location = '' } = answer.headers;
  return problem ? `${asked.method} ${path} ${problem} (${answer.status} ${location})` : undefined;
}

/** Under the line's unit the line number alone can log in. */
const EVERYBODY: readonly Somebody[] = UNITS.flatMap((unit) =>
  (unit === 'line' ? [NUMBER] : [NUMBER, USER]).flatMap((own) =>
    (Object.keys(FIRST) as State[]).map((state) => ({ unit, own, state })),
  ),
);

it.each(EVERYBODY)(
  'A1 A4 A6 A7 A8 A14 unit $unit, $own is $state: what it may, and nothing else',
  async (somebody) => {
    const problems: string[] = [];
    for (const { path, methods } of site.routes)
      for (const method of methods)
        for (const value of valuesOf(path, method)) {
          const problem = await check(somebody, { method, path, value });
          if (problem) problems.push(problem);
        }
    expect(problems).toEqual([]);
  },
);

it('A1 every row of the table is of a route', () => {
  const paths = new Set(site.routes.map(({ path }) => path));
  expect(MAY.flatMap(([, ...rows]) => rows).filter((path) => !paths.has(path))).toEqual([]);
});
