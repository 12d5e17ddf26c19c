import { fromMail } from './from-mail.ts';
import { missingFax } from './missing-fax.ts';
import { FAX_NUMBER } from './sample-subscribers.ts';
import { callApi } from './stage.ts';
import { createVisitor, type VisitedPage, type Visitor } from './visitor.ts';

/** A login that the demo offers. */
interface SampleLogin {
  readonly who: string;
  readonly number: string;
  readonly password: string;
  readonly unit: 'line' | 'number' | 'administrator-user';
  /** Where its one-time passwords go; without one it uses none. */
  readonly address?: string;
  /** Whether the choice of one-time passwords still waits for it. */
  readonly isNew?: true;
}

/** The login of a line with one number. */
export const FAMILY_LOGIN: SampleLogin = {
  who: 'a family, by its line',
  number: '0312345678',
  password: 'Yamada2026',
  unit: 'line',
};

/** A line with one number, an office with administrator and user, and one with a one-time password. */
const SAMPLE_LOGINS: readonly SampleLogin[] = [
  FAMILY_LOGIN,
  {
    who: 'a shop, as administrator',
    number: '0661112222',
    password: 'Naniwa2026',
    unit: 'administrator-user',
  },
  {
    who: 'its owner, as user, for the first time',
    number: '0661113333',
    password: 'Tenshu2026',
    unit: 'administrator-user',
    isNew: true,
  },
  {
    who: 'a clinic, with a one-time password that comes by mail',
    number: '0453334444',
    password: 'Minato2026',
    unit: 'line',
    address: 'clinic@example.jp',
  },
];

const TEMPORARY = '12983476';

/** Where things of the demo are. */
export interface Places {
  readonly api: string;
  readonly site: string;
  readonly inbox: string;
}

/** Gives the sample subscribers their logins, as they would: by a temporary password and the site's pages. */
export async function writeSampleLogins(places: Places, signal: AbortSignal): Promise<void> {
  for (const login of SAMPLE_LOGINS) {
    const { number, password, unit } = login;
    await callApi(places.api, 'POST', `/v1/numbers/${number}/temporary-password`, {
      unit,
      password: TEMPORARY,
    });
    const visitor = createVisitor(places.site);
    await enter(visitor, number, TEMPORARY);
    expectPage(
      await visitor.press('パスワード変更', {
        現在のパスワード: TEMPORARY,
        新しいパスワード: password,
        '新しいパスワード（確認）': password,
      }),
      'パスワード変更',
    );
    await visitor.follow('ログイン画面へ戻る');
    await enter(visitor, number, password);
    if (!login.isNew) await chooseOneTime(visitor, login, places, signal);
  }
}

/** Logs in with a number and its password; resolves with the page that this leads to. */
export async function enter(visitor: Visitor, number: string, password: string): Promise<VisitedPage> {
  await visitor.open('/login');
  return visitor.press('ログイン', { 電話番号: number, パスワード: password });
}

async function chooseOneTime(
  visitor: Visitor,
  { address }: SampleLogin,
  places: Places,
  signal: AbortSignal,
): Promise<void> {
  if (address === undefined) {
    await visitor.press('次へ', { ワンタイムパスワードを利用しない: true });
    expectPage(await visitor.press('同意する'), 'トップ');
    return;
  }
  await visitor.press('次へ', { ワンタイムパスワードを利用する: true });
  await visitor.press('次へ', {
    ワンタイムパスワード受信用メールアドレス: address,
    確認用ID: 'Minato01',
    確認用パスワード: 'shika4477',
  });
  await visitor.press('登録');
  const link = await fromMail(places.inbox, address, /https?:\/\/\S*\/registration\?token=[\w-]+/, signal);
  const { pathname, search } = new URL(link);
  await visitor.open(pathname + search);
  expectPage(await visitor.press('本登録を完了する'), '本登録');
}

/** Logs in with each sample login through the site's pages; resolves with what did not work. */
export async function checkSampleLogins({ site, inbox }: Places, signal: AbortSignal): Promise<string[]> {
  const missing: string[] = [];
  for (const { who, number, password, address, isNew } of SAMPLE_LOGINS) {
    const visitor = createVisitor(site);
    let page = await enter(visitor, number, password);
    if (address !== undefined) {
      await visitor.press('ワンタイムパスワードを送信');
      const code = await fromMail(inbox, address, /(?<=ワンタイムパスワード:)\d{8}/, signal);
      page = await visitor.press('次へ', { ワンタイムパスワード: code });
    }
    if (!page.heading.endsWith(isNew ? '利用選択' : 'トップ'))
      missing.push(`logging in as ${who}: found ${page.heading}`);
    else if (number === FAX_NUMBER) missing.push(...(await missingFax(visitor)));
  }
  return missing;
}

function expectPage({ heading, text, path }: VisitedPage, words: string): void {
  if (!heading.includes(words)) throw new Error(`expected ${words}, found ${heading} at ${path}: ${text}`);
}

/** The logins as the demo prints them. */
export function shownLogins(): string {
  return SAMPLE_LOGINS.map(({ who, number, password }) => `    ${number}  ${password}  ${who}\n`).join('');
}
