import type { Page } from 'playwright-core';
import { pageFacts, type Focus, type TabStop } from './page-facts.ts';

interface Reached {
  readonly focus: Focus;
  readonly stop: TabStop;
  /** By role and name, as assistive technology is told: `button "ログイン"`. */
  readonly name: string;
}

async function focusedName(page: Page): Promise<string> {
  const told = await page.locator(':focus').ariaSnapshot();
  return /^- (\S+(?: "(?:[^"\\]|\\.)*")?)/.exec(told)?.[1] ?? told;
}

async function pressTab(page: Page): Promise<Focus> {
  await page.keyboard.press('Tab');
  return pageFacts(page, 'focus');
}

/** Goes once round the page with Tab, from its beginning to its end. */
async function goRound(page: Page, stops: readonly TabStop[]): Promise<readonly Reached[]> {
  // Between end and beginning nothing has the focus; where the keyboard is caught, that never comes.
  const limit = stops.length * 2 + 2;
  for (let press = 0; press < limit && !(await pressTab(page)).isNowhere; press += 1);
  const reached: Reached[] = [];
  for (let press = 0; press < limit; press += 1) {
    const focus = await pressTab(page);
    if (focus.isNowhere) break;
    const stop = stops[focus.place];
    if (stop !== undefined) reached.push({ focus, stop, name: await focusedName(page) });
  }
  return reached;
}

const isSeen = ({ focus, stop }: Reached): boolean =>
  (focus.outline !== '' && focus.outline !== stop.outline) ||
  (focus.shadow !== '' && focus.shadow !== stop.shadow);

/** Whether a person who reads comes to `next` before `stop`: it is above and not further right, or left on its line. */
function goesBack(stop: TabStop, next: TabStop): boolean {
  if (next.bottom <= stop.top) return next.left <= stop.left;
  return next.top < stop.bottom && next.right <= stop.left;
}

function faultsOf(stops: readonly TabStop[], reached: readonly Reached[]): string[] {
  return [
    ...stops
      .filter((stop) => !reached.some((one) => one.stop === stop))
      .map(({ name }) => `not reached: ${name}`),
    ...reached.filter((one) => !isSeen(one)).map(({ stop }) => `focus not seen: ${stop.name}`),
    ...reached.filter(({ focus }) => !focus.isInView).map(({ stop }) => `focus covered: ${stop.name}`),
    ...reached.flatMap(({ stop, focus, name }, index) => {
      const next = reached[index + 1];
      if (next === undefined) return [];
      const isBack = next.focus.place <= focus.place || goesBack(stop, next.stop);
      return isBack ? [`goes back: from ${name} to ${next.name}`] : [];
    }),
  ];
}

/**
 * Expects that Tab reaches every control in the order in which a page is read, with a focus that is seen and not
 * covered; and among the controls those of `names`, each as `button "ログイン"`, in this order.
 */
export async function expectKeyboardReaches(page: Page, names: readonly string[]): Promise<void> {
  const stops = await pageFacts(page, 'tabStops');
  const reached = await goRound(page, stops);
  expect(faultsOf(stops, reached)).toEqual([]);
  expect(reached.map(({ name }) => name).filter((name) => names.includes(name))).toEqual(names);
}
