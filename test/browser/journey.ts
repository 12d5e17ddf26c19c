import type { Page } from 'playwright-core';
import { PASSWORD } from './site-scene.ts';

/** What a person enters, by the fields' labels; `true` ticks. */
type Fields = Readonly<Record<string, string | true>>;

/** Fills in fields, presses the button of that name and waits for the page that comes. */
export async function press(page: Page, button: string, fields: Fields = {}): Promise<void> {
  for (const [label, value] of Object.entries(fields)) {
    const field = page.getByLabel(label, { exact: true });
    await (value === true ? field.check() : field.fill(value));
  }
  await arrive(page, () => page.getByRole('button', { name: button, exact: true }).click());
}

/** Follows the link of that name. */
export async function follow(page: Page, link: string): Promise<void> {
  await arrive(page, () => page.getByRole('link', { name: link, exact: true }).click());
}

/** Does what leads to another page, and waits until that is there and its script has run. */
export async function arrive(page: Page, act: () => Promise<unknown>): Promise<void> {
  await Promise.all([page.waitForEvent('domcontentloaded'), act()]);
}

/** Expects a page of that heading, with those words in it. */
export async function expectPage(page: Page, heading: string, ...words: readonly string[]): Promise<void> {
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(heading);
  const text = await page.locator('body').innerText();
  for (const word of words) expect(text).toContain(word);
}

/** Logs in on the login page. */
export async function logIn(page: Page, number: string, password: string = PASSWORD): Promise<void> {
  await page.goto('/login');
  await press(page, 'ログイン', { 電話番号: number, パスワード: password });
}

/** Expects the page of a form that was refused: its summary, what it says, and the focus where that is read. */
export async function expectRefused(
  page: Page,
  heading: string,
  ...sentences: readonly string[]
): Promise<void> {
  await expectPage(page, heading);
  expect(await page.title()).toMatch(/^エラー: /);
  const summary = page.getByRole('alert');
  expect(await summary.getByRole('heading').textContent()).toBe('入力内容をご確認ください');
  for (const sentence of sentences) expect(await summary.innerText()).toContain(sentence);
  expect(await summary.and(page.locator(':focus')).count()).toBe(1);
}
