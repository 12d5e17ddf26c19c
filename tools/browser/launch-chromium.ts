import { chromium, type Browser } from 'playwright-core';

const isRoot = process.getuid?.() === 0;

/** Starts Chromium without a window, in a sandbox where it can have one. It ends with `close()`, or with this process. */
export async function launchChromium(program: string): Promise<Browser> {
  const launch = (chromiumSandbox: boolean): Promise<Browser> =>
    chromium.launch({ executablePath: program, chromiumSandbox });
  // Root gets no sandbox from Chromium, and many containers allow nobody one; our own pages need none.
  return isRoot ? launch(false) : launch(true).catch(() => launch(false));
}
