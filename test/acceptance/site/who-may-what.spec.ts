import { isDeepStrictEqual } from 'node:util';
import type { Unit } from '#access';
import { shownNumber } from '#mail';
import { LINE, NUMBER, USER } from '../../../libs/access/testing/access-scene.ts';
import type { SiteAnswer } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import {
  accountsOf,
  FOREIGN,
  formOf,
  stage,
  UNKNOWN,
  type Somebody,
  type State,
} from '../../support/site-somebody.ts';

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
  ['everybody', '/', '/login', '/logout', '/self-care', '/.well-known/change-password'],
  ['everybody', '/registration', '/registration/done', '/password/changed', '/unit/changed'],
  [['change-password', 'in'], '/password'],
  [['choose-one-time', 'in'], '/one-time-password', '/one-time-password/decline'],
  [
    ['choose-one-time', 'code', 'in'],
    ...['/address', '/confirm', '/sent'].map((page) => `/one-time-password${page}`),
  ],
  [['code'], '/code', '/code/send', '/code/address'],
  [['in'], '/menu', '/services', '/services/:service', '/history', '/one-time-password/csv'],
  [['in', 'self-care'], '/session'],
  [['in'], '/password/:number', '/confirmation-id', '/confirmation-password'],
  [['in'], '/unit', '/unit/:unit', '/unit/confirm'],
  [['self-care-code'], '/self-care/code', '/self-care/code/send'],
  [['self-care'], '/self-care/menu', '/self-care/ip-phone-password'],
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
function isThere({ unit, own }: Somebody, path: string, value: string): boolean {
  switch (path) {
    case '/password/:number': // A7
      return (
        value === own || (unit === 'administrator-user' && own === NUMBER && LINE.numbers.includes(value))
      );
    case '/unit/:unit': // A6
      return value !== unit && (unit !== 'administrator-user' || own === NUMBER);
    case '/services/:service': // A13
      return value === 'call-notice';
    default:
      return true;
  }
}

/** What may stand in a path's place of a name, or in a form. */
function valuesOf(path: string, method: string): readonly string[] {
  if (path.endsWith('/:unit')) return UNITS;
  if (path.endsWith('/:service')) return ['call-notice', 'none-of-ours'];
  return method === 'POST' || path.endsWith('/:number') ? TARGETS : ['none'];
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
  const mayBe = method === 'GET' ? [200, 303] : [200, 303, 422];
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
  if (path === '/unit/:unit') return LINE.numbers; // each password asked is a try of its number
  return path === '/password/:number' ? [own, value] : [own];
}

async function check(somebody: Somebody, asked: Asked): Promise<string | undefined> {
  cases += 1;
  const { scene, browser } = await stage(site, somebody);
  const before = await accountsOf(scene);
  const path = asked.path.replace(/:\w+/, asked.value);
  const answer =
    asked.method === 'GET'
      ? await browser.get(path)
      : await browser.post(path, formOf(somebody, asked.value));
  const after = await accountsOf(scene);
  const changed = [...after.keys()].filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)));
  const wrongly = changed.filter((name) => !mayChange(somebody, asked).includes(name));
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
