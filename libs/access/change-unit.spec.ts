import fc from 'fast-check';
import { NO_ACCOUNT, NO_TRIES, type Account } from './account.ts';
import {
  accountsAfter,
  confirmUnitChange,
  mayChangeUnit,
  numbersAsked,
  otherUnits,
  requestUnitChange,
} from './change-unit.ts';
import { setTemporaryPassword } from './operate.ts';
import {
  createScene,
  given,
  GROUP,
  IN_USE,
  LINE,
  NEXT_PASSWORD,
  NUMBER,
  openBrowser,
  OTHER,
  PASSWORD,
  stored,
  USER,
  withPassword,
  WRONG,
  type Browser,
  type Scene,
} from './testing/access-scene.ts';
import { plain } from './testing/plain-hasher.ts';
import { UNITS, type Line, type Unit } from './unit.ts';

/** A6's table, a row each: what each number has afterwards; `own` and the number whose password it is. */
const TABLE: readonly [Unit, Unit, 'any' | 'line', 'by' | 'line' | 'own', 'none' | 'line' | 'own'][] = [
  ['number', 'line', 'any', 'by', 'none'],
  ['number', 'administrator-user', 'any', 'own', 'own'],
  ['line', 'number', 'line', 'line', 'line'],
  ['line', 'administrator-user', 'line', 'line', 'line'],
  ['administrator-user', 'number', 'line', 'own', 'own'],
  ['administrator-user', 'line', 'line', 'own', 'none'],
];

const THOUSAND: Line = {
  lineNumber: '0312340500',
  brand: 'ntt-east',
  numbers: Array.from({ length: 1_000 }, (_, index) => `031234${String(index).padStart(4, '0')}`),
};
const phcOf = (number: string): string => plain(`own-of-${number}`);
const FULL: Account = {
  ...NO_ACCOUNT,
  session: { hash: 's', startedAt: 1, draft: null },
  pending: {
    hash: 'p',
    expiresAt: 9,
    mustChange: false,
    code: null,
    wrongTries: 0,
    pairWasRight: false,
    draft: null,
  },
  others: { wrong: 2, streak: 2, lastAt: 5 },
  browsers: [{ hash: 'b', lastLoginAt: 1, wrong: 1, streak: 1, lastAt: 5 }],
};

describe('accountsAfter', () => {
  const before: ReadonlyMap<string, Account> = new Map(
    THOUSAND.numbers.map((number) => [
      number,
      { ...FULL, password: { phc: phcOf(number), changedAt: Number(number) } },
    ]),
  );
  const after = (from: Unit, to: Unit, by: string, kept?: string) =>
    accountsAfter({ unit: from, profile: null, accounts: before }, THOUSAND, { from, to, by }, kept);

  it.each(TABLE)(
    'A6 %s → %s (%s number): the line number has %s, each other %s',
    (from, to, who, line, others) => {
      const by = who === 'any' ? '0312340007' : THOUSAND.lineNumber;
      const accounts = after(from, to, by);
      expect([...accounts.keys()]).toEqual(THOUSAND.numbers);
      for (const [number, { password }] of accounts) {
        const isLine = number === THOUSAND.lineNumber;
        const rule = isLine ? line : others;
        const source = { by, line: THOUSAND.lineNumber, own: number, none: undefined }[rule];
        expect(password).toEqual(source ? { phc: phcOf(source), changedAt: Number(source) } : null);
      }
    },
  );

  it.each(TABLE)('A6 %s → %s ends every login but the one that did it', (from, to) => {
    for (const account of after(from, to, THOUSAND.lineNumber).values())
      expect(account).toMatchObject({ session: null, pending: null, ended: { reason: 'unit-changed' } });
    const one = { ...FULL, session: { hash: 'kept', startedAt: 1, draft: null } };
    const accounts = new Map([...before, [THOUSAND.lineNumber, one]]);
    const change = { from, to, by: THOUSAND.lineNumber };
    const kept = accountsAfter({ unit: from, profile: null, accounts }, THOUSAND, change, 'kept');
    for (const [number, { session, pending }] of kept) {
      expect(session?.hash).toBe(number === THOUSAND.lineNumber ? 'kept' : undefined);
      expect(pending).toBeNull();
    }
  });

  it('A3 A6 a password takes with it what has come of it; who loses one loses that too', () => {
    const line = {
      ...FULL,
      password: { phc: 'l', changedAt: 1 },
      invalidated: true,
      others: { wrong: 10, streak: 10, lastAt: 3 },
    };
    const accounts = new Map([...before, [THOUSAND.lineNumber, line]]);
    const access = { unit: null, profile: null, accounts };
    const by = THOUSAND.lineNumber;
    const spread = accountsAfter(access, THOUSAND, { from: 'line', to: 'number', by });
    expect(spread.get('0312340001')).toMatchObject({
      invalidated: true,
      others: line.others,
      browsers: [{ hash: 'b', wrong: 0, streak: 0 }],
    });
    const gathered = accountsAfter(access, THOUSAND, { from: 'number', to: 'line', by: '0312340001' });
    expect(gathered.get(by)).toMatchObject({ invalidated: false, others: FULL.others });
    expect(gathered.get('0312340001')).toMatchObject({
      password: null,
      invalidated: false,
      others: NO_TRIES,
    });
    const same = accountsAfter(access, THOUSAND, { from: 'administrator-user', to: 'number', by });
    expect(same.get('0312340001')).toMatchObject({ others: FULL.others, browsers: FULL.browsers });
  });

  it.each(UNITS.flatMap((to) => UNITS.map((dialled) => [to, dialled] as const)))(
    'A2 A6 on the way to %s a temporary password for %s stays only where it is the same',
    (to, dialled) => {
      const from = to === 'line' ? 'number' : 'line';
      const temporary = { phc: 't', setAt: 1, unit: dialled };
      const accounts = new Map([[NUMBER, { ...NO_ACCOUNT, temporary }]]);
      const change = { from, to, by: NUMBER } as const;
      const result = accountsAfter({ unit: from, profile: null, accounts }, LINE, change);
      expect(result.get(NUMBER)?.temporary).toEqual(to === dialled ? temporary : null);
    },
  );

  it('A6 gives nobody a password that is neither his own, the line’s, nor that of who changed', () => {
    const units = fc.constantFrom(...UNITS);
    const numbers = fc.constantFrom(...LINE.numbers);
    const accounts = fc.tuple(...LINE.numbers.map((number) => fc.option(fc.constant(phcOf(number)))));
    fc.assert(
      fc.property(units, units, numbers, accounts, (from, to, by, phcs) => {
        fc.pre(from !== to);
        const given = LINE.numbers.map((number, index) => {
          const phc = phcs[index];
          return [number, { ...NO_ACCOUNT, password: phc ? { phc, changedAt: 1 } : null }] as const;
        });
        const access = { unit: from, profile: null, accounts: new Map(given) };
        for (const [number, { password }] of accountsAfter(access, LINE, { from, to, by })) {
          if (!password) continue;
          expect([phcOf(number), phcOf(LINE.lineNumber), phcOf(by)]).toContain(password.phc);
          if (to === 'line') expect(number).toBe(LINE.lineNumber);
        }
      }),
    );
  });
});

describe('mayChangeUnit', () => {
  it.each<[Unit, string, readonly Unit[]]>([
    ['line', NUMBER, ['number', 'administrator-user']],
    ['number', NUMBER, ['line', 'administrator-user']],
    ['number', USER, ['line', 'administrator-user']],
    ['administrator-user', NUMBER, ['line', 'number']],
    ['administrator-user', USER, []],
  ])('A6 under %s %s may change to %j', (unit, number, units) => {
    const subscriber = { number, line: LINE, unit, numbers: [] };
    expect(otherUnits(subscriber)).toEqual(units);
    expect(mayChangeUnit(subscriber)).toBe(units.length > 0);
  });
});

describe('the change of a unit', () => {
  let scene: Scene;
  let browser: Browser;
  beforeEach(() => {
    scene = createScene();
    browser = openBrowser(scene);
  });
  const everybody = (unit: Unit) =>
    given(scene, unit, {
      [NUMBER]: withPassword(scene, 'passwordA1'),
      [USER]: withPassword(scene, 'passwordB2'),
      [OTHER]: { ...withPassword(scene, 'unused'), password: null },
    });
  const OWN = new Map([
    [NUMBER, 'passwordA1'],
    [USER, 'passwordB2'],
  ]);
  const request = async (to: Unit, passwords: ReadonlyMap<string, string> = OWN) =>
    requestUnitChange(scene.deps, await browser.here(), to, passwords);
  const unit = async () => (await scene.deps.store.read(GROUP, [])).unit;
  const confirm = async () => confirmUnitChange(scene.deps, await browser.here());

  it.each<[Unit, readonly string[]]>([
    ['number', [NUMBER, USER]],
    ['line', [NUMBER]],
    ['administrator-user', [NUMBER]],
  ])('A6 under %s the passwords of %j are asked', async (from, asked) => {
    await everybody(from);
    const access = await scene.deps.store.read(GROUP, LINE.numbers);
    expect(numbersAsked({ line: LINE, unit: from }, access)).toEqual(asked);
    await browser.logIn(NUMBER, 'passwordA1');
    const verdicts = await request(from === 'line' ? 'number' : 'line', new Map());
    expect([...verdicts]).toEqual(asked.map((number) => [number, 'wrong']));
  });

  it('A6 asks for the password of a number that has one, also when it is invalid', async () => {
    await everybody('number');
    await given(scene, 'number', { [OTHER]: { ...withPassword(scene, PASSWORD), invalidated: true } });
    await browser.logIn(USER, 'passwordB2');
    const passwords = new Map([...OWN, [OTHER, PASSWORD]]);
    expect([...(await request('line', passwords))]).toEqual([[OTHER, 'wrong']]);
  });

  it('A6 changes when it is confirmed; the login that did it stays where its number may log in', async () => {
    await everybody('number');
    await browser.logIn(USER, 'passwordB2');
    expect(await request('administrator-user')).toEqual(new Map());
    expect(await unit()).toBe('number');
    expect(await confirm()).toBe(true);
    expect(await unit()).toBe('administrator-user');
    expect(await browser.here()).toMatchObject({ subscriber: { numbers: [USER] } });
    expect(await confirm()).toBe(false);
  });

  it('A6 number → line by an additional number ends its login too, and gives the line its password', async () => {
    await everybody('number');
    await browser.logIn(USER, 'passwordB2');
    await request('line');
    expect(await confirm()).toBe(true);
    expect(await browser.look()).toMatchObject({ kind: 'ended', reason: 'unit-changed' });
    expect((await openBrowser(scene).logIn(USER, 'passwordB2')).kind).toBe('refused');
    expect((await openBrowser(scene).logIn(NUMBER, 'passwordA1')).kind).toBe('refused');
    expect((await openBrowser(scene).logIn(NUMBER, 'passwordB2')).kind).toBe('in');
  });

  it('A6 a wrong password changes nothing and counts as a try of its number (A3)', async () => {
    await everybody('number');
    await browser.logIn(USER, 'passwordB2');
    const passwords = new Map([...OWN, [NUMBER, WRONG]]);
    for (let index = 0; index < 10; index += 1)
      expect([...(await request('line', passwords))]).toEqual([[NUMBER, 'wrong']]);
    expect(await confirm()).toBe(false);
    expect(await unit()).toBe('number');
    expect((await stored(scene, NUMBER)).others.wrong).toBe(10);
    expect([...(await request('line'))]).toEqual([[NUMBER, 'wrong']]);
  });

  it('A3 says how long to wait for a number that was tried too often', async () => {
    scene = createScene({ waits: [5_000] });
    browser = openBrowser(scene);
    await everybody('number');
    await browser.logIn(USER, 'passwordB2');
    const passwords = new Map([...OWN, [NUMBER, WRONG]]);
    for (let index = 0; index < 3; index += 1) await request('line', passwords);
    expect([...(await request('line'))]).toEqual([[NUMBER, { wait: 5 }]]);
  });

  it('A6 under administrator/user an additional number changes nothing, even with the line’s password', async () => {
    await everybody('administrator-user');
    await browser.logIn(USER, 'passwordB2');
    const { verified } = scene.hasher;
    await request('line', OWN);
    expect(scene.hasher.verified).toBe(verified);
    expect(await confirm()).toBe(false);
    expect(await unit()).toBe('administrator-user');
  });

  it('A6 a login that is not in yet asks for nothing', async () => {
    await given(scene, 'number', { [NUMBER]: withPassword(scene, 'passwordA1', IN_USE) });
    await browser.logIn(NUMBER, 'passwordA1');
    const { verified } = scene.hasher;
    await request('line');
    expect(scene.hasher.verified).toBe(verified);
    expect(await confirm()).toBe(false);
  });

  it('A6 a unit that became another meanwhile is not changed by what was asked before', async () => {
    await everybody('number');
    await browser.logIn(NUMBER, 'passwordA1');
    await request('line');
    const login = await browser.here();
    await scene.deps.store.change(GROUP, [], () => ({
      result: undefined,
      unit: 'administrator-user' as const,
    }));
    expect(await confirmUnitChange(scene.deps, login)).toBe(false);
  });

  it('A6 a password that was changed since it was asked for, or came since, has to be asked for again', async () => {
    for (const late of [NUMBER, OTHER]) {
      await everybody('number');
      if (late === OTHER) await given(scene, 'number', { [OTHER]: {} });
      await browser.logIn(USER, 'passwordB2');
      await request('line');
      scene.now += 1;
      await given(scene, 'number', { [late]: withPassword(scene, NEXT_PASSWORD) });
      expect(await confirm()).toBe(false);
      expect(await unit()).toBe('number');
    }
  });

  it('A2 nobody comes to the line’s login by what he dialled before it was administrator/user', async () => {
    await everybody('number');
    const dialled = { number: NUMBER, unit: 'line', password: '20485163', caller: USER } as const;
    await browser.logIn(NUMBER, 'passwordA1');
    expect(await setTemporaryPassword(scene.deps, LINE, dialled)).toBe(true);
    await request('administrator-user', new Map([...OWN, [NUMBER, '20485163']]));
    expect(await confirm()).toBe(true);
    expect((await openBrowser(scene).logIn(NUMBER, '20485163')).kind).toBe('refused');
    expect(await setTemporaryPassword(scene.deps, LINE, dialled)).toBe(false);
    expect((await stored(scene, NUMBER)).temporary).toBeNull();
  });

  it('A6 line → number: the line’s password is asked, and each number logs in with it', async () => {
    await everybody('line');
    await browser.logIn(NUMBER, 'passwordA1');
    expect([...(await request('number', new Map([[NUMBER, NEXT_PASSWORD]])))]).toEqual([[NUMBER, 'wrong']]);
    await request('number');
    await confirm();
    expect((await openBrowser(scene).logIn(OTHER, 'passwordA1')).kind).toBe('in');
  });
});
