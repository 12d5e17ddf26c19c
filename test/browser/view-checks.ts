import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { pageFacts } from './page-facts.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LARGEST_PAGE = 60_000;
const LEAST_TARGET_PX = 24;
const LEAST_LONE_TARGET_PX = 44;

/** Expects that axe finds nothing wrong with a page: WCAG 2.2 A and AA, and its best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  await expectNothingFound(page, (axe) => axe.withTags(WCAG));
}

/** Expects that axe finds no text too faint: all that another colour scheme can change. */
export async function expectContrast(page: Page): Promise<void> {
  await expectNothingFound(page, (axe) => axe.withRules('color-contrast'));
}

async function expectNothingFound(page: Page, choose: (axe: AxeBuilder) => AxeBuilder): Promise<void> {
  // Axe waits for ever where scripts are off.
  if (!(await pageFacts(page, 'hasScript'))) throw new Error('axe needs a page with JavaScript on');
  // The other mode opens a tab for its results alone; no page of ours has frames.
  const { violations } = await choose(new AxeBuilder({ page }).setLegacyMode(true)).analyze();
  const told = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  );
  expect(told).toEqual([]);
}

/** Expects that nothing is wider than the window; else names what sticks out of it. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await pageFacts(page, 'stickingOut')).toEqual([]);
}

/** Expects at most 60 KB for a page with its style and script, as they were sent. */
export async function expectSmall(page: Page): Promise<void> {
  const parts = await pageFacts(page, 'transferred');
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  expect(bytes > LARGEST_PAGE ? parts : []).toEqual([]);
}

/** Expects buttons and links that stand alone of at least 44 px each way, and any other control of 24 (WCAG 2.5.8). */
export async function expectTargetsToTouch(page: Page): Promise<void> {
  const tooSmall = (await pageFacts(page, 'targets')).filter(({ standsAlone, width, height }) => {
    const least = standsAlone ? LEAST_LONE_TARGET_PX : LEAST_TARGET_PX;
    return Math.min(width, height) < least;
  });
  expect(tooSmall).toEqual([]);
}
