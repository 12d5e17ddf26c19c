import { jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { say } from '../../tools/run-command.ts';
import { checkPage } from '../support/page-checks.ts';
import { expectKeyboardReaches } from './expect-keyboard-reaches.ts';
import {
  expectAccessible,
  expectContrast,
  expectNoSidewaysScroll,
  expectSmall,
  expectTargetsToTouch,
} from './view-checks.ts';
import { servedHtml, setTextSize } from './visit.ts';

const HEIGHT = 800;
const WIDTHS = [320, 375, 1280] as const;
const LARGE_TEXT = 2;

// A page's checks take two seconds, and many times that on a machine that has other work; a test may have several.
jest.setTimeout(300_000);

const done = { pages: 0, checks: 0 };
afterAll(() => say(`${done.pages} pages and errors looked at, ${done.checks} checks`));

/** Awaits a check, and counts it when it has passed. */
async function passes(check: Promise<void>): Promise<void> {
  await check;
  done.checks += 1;
}

/** Makes the window that wide and expects that everything is in it and can be touched. */
async function expectFits(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: HEIGHT });
  await passes(expectNoSidewaysScroll(page));
  await passes(expectTargetsToTouch(page));
}

/**
 * Expects of the page at hand, as it is, all that every page and every error has to pass: valid HTML, axe in light and
 * dark, every width, text of 200 %, the keyboard (see `expectKeyboardReaches` for `names`), its size. Leaves it 1,280 px wide.
 */
export async function expectSuitsEverybody(page: Page, names: readonly string[]): Promise<void> {
  // The weight is that of what was really sent.
  await passes(servedHtml(page).then((html) => checkPage(html, { assetBytes: 0 })));
  await passes(expectSmall(page));
  await setTextSize(page, LARGE_TEXT);
  for (const width of WIDTHS) await expectFits(page, width);
  await setTextSize(page, 1);
  await expectFits(page, 320);
  await passes(expectKeyboardReaches(page, names));
  await expectFits(page, 375);
  await page.emulateMedia({ colorScheme: 'dark' });
  await passes(expectContrast(page));
  await page.emulateMedia({ colorScheme: 'light' });
  await passes(expectAccessible(page));
  await expectFits(page, 1280);
  await passes(expectKeyboardReaches(page, names));
  done.pages += 1;
}
