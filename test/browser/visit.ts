import type { Browser, BrowserContext, Page, Response } from 'playwright-core';
import { installChromium } from '../../tools/browser/install-chromium.ts';
import { launchChromium } from '../../tools/browser/launch-chromium.ts';
import { say } from '../../tools/run-command.ts';
import { closeLater } from '../support/close-later.ts';

/** How a person looks at the site; light, with JavaScript and text of the usual size unless said. */
export interface View {
  /** Of the window, in CSS pixels. */
  readonly width: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScript?: boolean;
  /** The text size of the browser's settings, as a factor. */
  readonly textSize?: number;
}

/** A person's browser at a site: cookies, history and tabs of its own. */
export interface Visit {
  /** The first tab, still empty. */
  readonly page: Page;
  /** Opens another tab with the same cookies. */
  newTab(): Promise<Page>;
  /** What no page of the site may do, as far as it happened. Whatever is in it after a test fails that test. */
  readonly faults: string[];
}

const HEIGHT = 800;
const USUAL_FONT_PX = 16;
const USUAL_FIXED_FONT_PX = 13;
// Chromium writes it of every answer that is an error; those of documents are wanted, others are seen as answers.
const ERROR_ANSWER = 'Failed to load resource';

const documents = new WeakMap<Page, Response>();
let browser: Promise<Browser> | undefined;
const visits: { readonly context: BrowserContext; readonly faults: string[] }[] = [];

/** One browser for a spec file, started when it is first needed. */
async function startBrowser(): Promise<Browser> {
  const started = await launchChromium(await installChromium(say));
  closeLater(() => started.close());
  return started;
}

/** Writes down errors of scripts, violations of the Content Security Policy, missing files and foreign requests. */
function watch(context: BrowserContext, origin: string, faults: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith(ERROR_ANSWER))
      faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => void faults.push(`script: ${String(error.error())}`));
  context.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    // The browser's own viewer shows PDFs.
    if (asked !== origin && !protocol.startsWith('chrome')) faults.push(`request: ${request.url()}`);
  });
  context.on('response', (response) => {
    const isDocument = response.request().resourceType() === 'document';
    if (isDocument) documents.set(response.frame().page(), response);
    else if (response.status() >= 400) faults.push(`answer: ${response.status()} ${response.url()}`);
  });
}

/** The HTML of the page at hand as the site sent it; rejects when the tab is still empty. */
export async function servedHtml(page: Page): Promise<string> {
  const response = documents.get(page);
  if (response === undefined) throw new Error('the tab is still empty');
  return response.text();
}

/** Sets the text size as in the browser's settings, as a factor of the usual one. */
export async function setTextSize(page: Page, factor: number): Promise<void> {
  const settings = await page.context().newCDPSession(page);
  const fontSizes = { standard: USUAL_FONT_PX * factor, fixed: USUAL_FIXED_FONT_PX * factor };
  await settings.send('Page.setFontSizes', { fontSizes });
}

/** Opens a browser of its own for a person who visits `url`'s site; closed after the test. */
export async function visit(url: string, view: View): Promise<Visit> {
  browser ??= startBrowser();
  const { width, colorScheme = 'light', javaScript = true, textSize = 1 } = view;
  const context = await (
    await browser
  ).newContext({
    baseURL: url,
    viewport: { width, height: HEIGHT },
    colorScheme,
    javaScriptEnabled: javaScript,
    locale: 'ja-JP',
    reducedMotion: 'reduce',
  });
  const faults: string[] = [];
  visits.push({ context, faults });
  watch(context, new URL(url).origin, faults);
  const newTab = async (): Promise<Page> => {
    const page = await context.newPage();
    await setTextSize(page, textSize);
    return page;
  };
  return { page: await newTab(), newTab, faults };
}

afterEach(async () => {
  const ended = visits.splice(0);
  await Promise.all(ended.map(({ context }) => context.close()));
  const faults = ended.flatMap((one) => one.faults);
  if (faults.length > 0) throw new Error(`What no page may do:\n${faults.join('\n')}`);
});
