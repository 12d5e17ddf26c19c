import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { closeLater } from '../../test/support/close-later.ts';
import { installChromium } from './install-chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { packedChromium } from './packed-chromium.ts';

const ignore = (): void => undefined;

/** Sets a variable for the time of `work`. */
async function withVariable<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

describe('installChromium', () => {
  it('finds a Chromium that shows pages', async () => {
    const browser = await launchChromium(await installChromium(ignore));
    try {
      const page = await browser.newPage();
      await page.setContent('<h1>ログイン</h1>');
      expect(await page.getByRole('heading', { name: 'ログイン' }).count()).toBe(1);
    } finally {
      await browser.close();
    }
  });

  it('rejects when the program in CHROMIUM does not start, instead of taking another', async () => {
    await withVariable('CHROMIUM', '/nowhere/chromium', () =>
      expect(installChromium(ignore)).rejects.toMatchObject({
        code: 'program-failed',
        message: 'CHROMIUM is "/nowhere/chromium", which does not start.',
      }),
    );
  });
});

describe('packedChromium', () => {
  const runsHere = process.platform === 'linux' && process.arch === 'x64';

  it('unpacks a Chromium that shows text, even when two unpack it at once', async () => {
    const cache = await mkdtemp(path.join(tmpdir(), 'packed-chromium-'));
    closeLater(() => rm(cache, { recursive: true }));
    const programs = await withVariable('XDG_CACHE_HOME', cache, () =>
      Promise.all([packedChromium(ignore), packedChromium(ignore)]),
    );
    const [program, second] = programs;
    expect(second).toBe(program);
    expect(program !== undefined).toBe(runsHere);
    if (program === undefined) return;
    const browser = await launchChromium(program);
    closeLater(() => browser.close());
    const page = await browser.newPage();
    await page.setContent('<span>denwa</span>');
    expect((await page.getByText('denwa').boundingBox())?.width).toBeGreaterThan(0);
  });
});
