import fc from 'fast-check';
import { decodeText, type BulkTable, type CellProblem } from '#csv';
import { savedBySpreadsheet } from '../csv/testing/spreadsheet.ts';
import { someAddress } from '../rules/testing/valid-values.ts';
import type { OneTime } from './account.ts';
import { confirmationIdProblem, confirmationPasswordProblem } from './confirmation-rules.ts';
import { sendDueMessages } from './due-messages.ts';
import { sendCode } from './one-time.ts';
import { oneTimeTable } from './one-time-table.ts';
import { HasherBusy } from './password-hasher.ts';
import {
  ADDRESS,
  createScene,
  given,
  IN_USE,
  LINE,
  MINUTE,
  NUMBER,
  openBrowser,
  OTHER,
  PASSWORD,
  stored,
  USER,
  withPassword,
  type Browser,
  type Scene,
} from './testing/access-scene.ts';
import { plain } from './testing/plain-hasher.ts';

const HEADER =
  '電話番号,ワンタイムパスワード利用設定,ワンタイムパスワード受信用メールアドレス,確認用ID,確認用パスワード';
const ROW = [USER, '1', 'new@example.jp', 'Kakunin77', 'sumire31w'];

let scene: Scene;
let browser: Browser;
const table = async (): Promise<BulkTable> => oneTimeTable(scene.deps, await browser.here());
const csv = (...rows: string[][]): string => [HEADER, ...rows.map((row) => row.join(','))].join('\r\n');
const oneTimeOf = async (number = USER): Promise<OneTime> => (await stored(scene, number)).oneTime;
const shown = ({ line = 0, column = '', code }: CellProblem): string => `${line} ${column} ${code}`;
const problemsOf = async (...rows: string[][]): Promise<string[]> =>
  (await (await table()).preview(csv(...rows))).problems.map(shown);
const set = async (...rows: string[][]): ReturnType<BulkTable['set']> => {
  const { problems, seen } = await (await table()).preview(csv(...rows));
  expect(problems).toEqual([]);
  return (await table()).set(csv(...rows), seen);
};

beforeEach(async () => {
  scene = createScene();
  const own = withPassword(scene, PASSWORD);
  const user = withPassword(scene, PASSWORD, IN_USE);
  await given(scene, 'administrator-user', { [NUMBER]: own, [USER]: user, [OTHER]: {} });
  browser = openBrowser(scene);
  await browser.logIn(NUMBER, PASSWORD);
});

describe('A11 one-time password settings as a table', () => {
  it('have a row for each number that the login may set, and never the password', async () => {
    const text = await (await table()).download();
    expect(text).toBe(
      `\uFEFF"${HEADER.replaceAll(',', '","')}"\r\n"${NUMBER}","0","","",""\r\n"${USER}","1","${ADDRESS}","Kakunin01",""\r\n"${OTHER}","","","",""\r\n`,
    );
    browser = openBrowser(scene);
    await given(scene, 'administrator-user', { [USER]: withPassword(scene, PASSWORD) });
    await browser.logIn(USER, PASSWORD);
    expect(await (await table()).download()).not.toContain(NUMBER);
    expect(await problemsOf([NUMBER, '0', '', '', ''])).toEqual(['2 電話番号 number-unknown']);
  });

  it('show every difference, and of a password that there is one', async () => {
    const { changes } = await (await table()).preview(csv(ROW, [NUMBER, '0', '', '', '']));
    expect(changes).toMatchObject([
      {
        key: USER,
        line: 2,
        differences: [
          { before: ADDRESS, after: 'new@example.jp' },
          { before: 'Kakunin01', after: 'Kakunin77' },
          { column: '確認用パスワード', before: '', after: '********' },
        ],
      },
    ]);
    expect(scene.hasher.hashed).toBe(0);
  });

  it('are set, the password hashed on behalf of the login alone', async () => {
    const row = [OTHER, '1', 'c@example.jp', 'Kakunin99', 'sumire31w'];
    expect(await set(ROW, row)).toEqual({ kind: 'set', count: 2 });
    const confirmation = (id: string) => ({ id, phc: plain('sumire31w') });
    expect(await oneTimeOf()).toMatchObject({
      use: true,
      address: 'new@example.jp',
      confirmation: confirmation('Kakunin77'),
    });
    expect(await oneTimeOf(OTHER)).toMatchObject({
      use: true,
      address: 'c@example.jp',
      confirmation: confirmation('Kakunin99'),
    });
    expect(scene.hasher.hashed).toBe(2);
    expect(scene.hasher.sources).toContain(NUMBER);
  });

  it('keep a password whose cell is empty', async () => {
    await set([USER, '1', ADDRESS, 'Kakunin77', '']);
    expect((await oneTimeOf()).confirmation).toEqual({ id: 'Kakunin77', phc: plain('tsubaki42q') });
    await set([USER, '0', '', '', '']);
    expect(await oneTimeOf()).toMatchObject({ use: false, address: null, confirmation: null });
  });

  it.each([
    [[USER, '', ADDRESS, 'Kakunin01', ''], ['ワンタイムパスワード利用設定 csv-switch']],
    [[USER, '2', ADDRESS, 'Kakunin01', ''], ['ワンタイムパスワード利用設定 csv-switch']],
    [[USER, '1', '', 'Kakunin01', ''], ['ワンタイムパスワード受信用メールアドレス required']],
    [[USER, '1', 'a@b', 'Kakunin01', ''], ['ワンタイムパスワード受信用メールアドレス domain-no-dot']],
    [
      [USER, '1', 'a..b@example.jp', 'Kakunin01', ''],
      ['ワンタイムパスワード受信用メールアドレス local-two-dots'],
    ],
    [[USER, '1', ADDRESS, '', ''], ['確認用ID required']],
    [[USER, '1', ADDRESS, 'kakunin', ''], ['確認用ID length']],
    [[USER, '1', ADDRESS, '12345678', ''], ['確認用ID only-digits']],
    [[USER, '1', ADDRESS, 'Kakunin01', 'aaaa1234'], ['確認用パスワード run']],
    [[USER, '1', ADDRESS, 'Kakunin01', '312345679x'], ['確認用パスワード contains-number']],
    [[OTHER, '1', ADDRESS, 'Kakunin01', ''], ['確認用パスワード required']],
    [[OTHER, '0', '', '', 'sumire31w'], ['確認用ID required']],
    [[OTHER, '', ADDRESS, '', ''], ['ワンタイムパスワード利用設定 csv-switch']],
    [
      [OTHER, '1', '', '', ''],
      ['ワンタイムパスワード受信用メールアドレス required', '確認用ID required', '確認用パスワード required'],
    ],
  ])('%j are refused: %j', async (row, problems) => {
    expect(await problemsOf(row)).toEqual(problems.map((one) => `2 ${one}`));
  });

  it('A9 refuse the current password, and set nothing then', async () => {
    const before = await oneTimeOf();
    const result = await set([OTHER, '0', '', '', ''], [USER, '1', ADDRESS, 'Kakunin77', 'tsubaki42q']);
    expect(result).toMatchObject({
      kind: 'refused',
      comparison: { problems: [{ line: 3, column: '確認用パスワード', code: 'same' }] },
    });
    expect([await oneTimeOf(), (await oneTimeOf(OTHER)).use]).toEqual([before, null]);
  });

  it('are set as they were seen, or not at all', async () => {
    const text = csv(ROW, [OTHER, '0', '', '', '']);
    const { seen } = await (await table()).preview(text);
    await given(scene, 'administrator-user', {
      [USER]: withPassword(scene, PASSWORD, { ...IN_USE, address: 'z@example.jp' }),
    });
    expect(await (await table()).set(text, seen)).toMatchObject({
      kind: 'refused',
      comparison: { problems: [] },
    });
    expect((await oneTimeOf(OTHER)).use).toBeNull();
    // Tries and codes are no change of the settings.
    const anew = (await (await table()).preview(text)).seen;
    await given(scene, 'administrator-user', {
      [USER]: withPassword(scene, PASSWORD, {
        ...IN_USE,
        address: 'z@example.jp',
        wrongPairs: 2,
        codesSentAt: [1],
      }),
    });
    expect(await (await table()).set(text, anew)).toEqual({ kind: 'set', count: 2 });
  });

  it('are set not at all when one changes while passwords are hashed, or the login ends', async () => {
    const text = csv(ROW, [OTHER, '0', '', '', '']);
    const { seen } = await (await table()).preview(text);
    const here = await browser.here();
    const meanwhile = (act: () => Promise<unknown>): BulkTable => {
      const hash: Scene['hasher']['hash'] = async (...args) => {
        await act();
        return scene.hasher.hash(...args);
      };
      return oneTimeTable({ ...scene.deps, hasher: { ...scene.hasher, hash } }, here);
    };
    const another = () => given(scene, 'administrator-user', { [OTHER]: withPassword(scene, PASSWORD) });
    expect((await meanwhile(another).set(text, seen)).kind).toBe('refused');
    expect((await oneTimeOf()).address).toBe(ADDRESS);
    const now = (await (await table()).preview(text)).seen;
    const elsewhere = () => openBrowser(scene).logIn(NUMBER, PASSWORD);
    expect((await meanwhile(elsewhere).set(text, now)).kind).toBe('refused');
    expect((await oneTimeOf()).address).toBe(ADDRESS);
  });

  it('have at most 100 new passwords, and name the line from which to split the file', async () => {
    const more = Array.from({ length: 101 }, (_, index) => String(312_346_000 + index).padStart(10, '0'));
    scene.lines = [{ ...LINE, numbers: [...LINE.numbers, ...more] }];
    const rows = more.map((number) => [number, '1', `u${number}@example.jp`, 'Kakunin99', 'sumire31w']);
    // Rows without a new password do not count.
    const others = [[USER, '0', '', '', ''], ...rows];
    expect(await problemsOf(...others)).toEqual(['103 確認用パスワード csv-passwords']);
    expect(await problemsOf(...others.slice(0, -1))).toEqual([]);
  });

  it('are not set when too many passwords wait to be hashed', async () => {
    const { seen } = await (await table()).preview(csv(ROW));
    scene.hasher.isBusy = true;
    await expect((await table()).set(csv(ROW), seen)).rejects.toThrow(HasherBusy);
    expect((await oneTimeOf()).address).toBe(ADDRESS);
  });
});

describe('O4 an address that is changed by CSV', () => {
  const told = async (): Promise<string[]> => {
    await sendDueMessages(scene.deps);
    return scene.mails.map(({ kind, number, recipient }) => `${kind} ${number} ${recipient}`);
  };

  it('is told to the old one and to the new one', async () => {
    await set(ROW, [OTHER, '1', 'c@example.jp', 'Kakunin99', 'sumire31w']);
    expect((await told()).toSorted()).toEqual(
      [
        `address-changed ${USER} ${ADDRESS}`,
        `address-changed ${USER} new@example.jp`,
        `address-changed ${OTHER} c@example.jp`,
      ].toSorted(),
    );
  });

  it('buries no address in mails of a line’s many numbers, whatever its spelling', async () => {
    const more = Array.from({ length: 9 }, (_, index) => `031234569${index}`);
    scene.lines = [{ ...LINE, numbers: [...LINE.numbers, ...more] }];
    const all = more.map((number, index) => {
      const address = index % 2 === 0 ? 'Victim@example.jp' : 'victim@EXAMPLE.jp';
      return [number, '1', address, 'Kakunin99', 'sumire31w'];
    });
    await set(ROW, ...all);
    const recipients = (await told()).map((one) => one.split(' ').at(-1)?.toLowerCase());
    expect(recipients.filter((one) => one === 'victim@example.jp')).toHaveLength(5);
    // The others are told as ever.
    expect(recipients).toEqual(expect.arrayContaining([ADDRESS, 'new@example.jp']));
  });

  it('is told to the old one when it is taken away, and to nobody when it stays', async () => {
    await set([USER, '0', ADDRESS, 'Kakunin77', 'sumire31w']);
    expect(await told()).toEqual([]);
    await set([USER, '0', '', 'Kakunin77', '']);
    expect(await told()).toEqual([`address-changed ${USER} ${ADDRESS}`]);
  });

  it('makes a code void that went to the old one, and a link that waits for another', async () => {
    const users = openBrowser(scene);
    await users.logIn(USER, PASSWORD);
    await sendCode(scene.deps, await users.here());
    const account = await stored(scene, USER);
    const registration = {
      address: 'x@example.jp',
      confirmation: null,
      link: 'x',
      expiresAt: scene.now + MINUTE,
    };
    await given(scene, 'administrator-user', {
      [USER]: { ...account, oneTime: { ...account.oneTime, registration } },
    });
    await set(ROW);
    const after = await stored(scene, USER);
    expect([after.pending?.code, after.oneTime.registration]).toEqual([null, null]);
  });

  it('changes as often as a link may be mailed', async () => {
    const change = (index: number) => set([USER, '1', `n${index}@example.jp`, 'Kakunin01', '']);
    for (let index = 0; index < 5; index += 1) expect((await change(index)).kind).toBe('set');
    expect(await change(5)).toMatchObject({
      kind: 'refused',
      comparison: { problems: [{ line: 2, code: 'csv-too-often' }] },
    });
    expect((await oneTimeOf()).address).toBe('n4@example.jp');
    scene.now += 15 * MINUTE;
    expect((await change(5)).kind).toBe('set');
  });
});

it.each([
  ['as it was', (text: string) => Buffer.from(text)],
  ['saved by a spreadsheet', savedBySpreadsheet],
])('A11 whatever the rules allow comes back the same from a file %s', async (_, saved) => {
  const letters = fc.constantFrom(...'0123456789abcdXYZ'.split(''));
  const text8 = fc.string({ unit: letters, minLength: 8, maxLength: 12 });
  const id = text8.filter((text) => confirmationIdProblem(text) === undefined);
  const password = text8.filter((text) =>
    LINE.numbers.every((number) => !confirmationPasswordProblem(text, number)),
  );
  const someone = fc.record({ use: fc.boolean(), address: someAddress, id, password });
  await fc.assert(
    fc.asyncProperty(someone, someone, async (one, other) => {
      const oneTime = ({ use, address, id: name, password: secret }: typeof one): Partial<OneTime> => ({
        use,
        address,
        confirmation: { id: name, phc: plain(secret) },
      });
      const own = (await stored(scene, NUMBER)) ?? {};
      await given(scene, 'administrator-user', {
        [USER]: withPassword(scene, PASSWORD, oneTime(one)),
        [OTHER]: withPassword(scene, PASSWORD, oneTime(other)),
      });
      const file = decodeText(saved(await (await table()).download())) ?? '';
      const before = [await oneTimeOf(), await oneTimeOf(OTHER)];
      await given(scene, 'administrator-user', {
        [NUMBER]: own,
        [USER]: withPassword(scene, PASSWORD, {
          use: null,
          confirmation: { id: 'Kakunin00', phc: plain(one.password) },
        }),
        [OTHER]: withPassword(scene, PASSWORD, {
          use: true,
          confirmation: { id: 'Kakunin00', phc: plain(other.password) },
        }),
      });
      const { problems, seen } = await (await table()).preview(file);
      expect(problems).toEqual([]);
      expect((await (await table()).set(file, seen)).kind).toBe('set');
      const after = [await oneTimeOf(), await oneTimeOf(OTHER)];
      const settings = (all: readonly OneTime[]) =>
        all.map(({ use, address, confirmation }) => [use, address, confirmation]);
      expect(settings(after)).toEqual(settings(before));
    }),
  );
});
