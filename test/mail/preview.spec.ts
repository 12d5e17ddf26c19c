import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BRANDS_DIR, loadBrands } from '#mail';
import { findChromium } from '../../tools/browser/install-chromium.ts';
import { closeLater } from '../support/close-later.ts';
import { runOps } from '../support/run-ops.ts';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const brands = [...loadBrands(BRANDS_DIR).keys()];
const FILES = ['test-sample.eml', 'test-sample.html', 'test-sample.txt'];
const PICTURES = ['pc-dark', 'pc-light', 'phone-dark', 'phone-light'].map(
  (view) => `test-sample.${view}.png`,
);
const expected = [...FILES, ...(findChromium() === undefined ? [] : PICTURES)].toSorted((a, b) =>
  a.localeCompare(b),
);

function folder(): string {
  const out = mkdtempSync(join(tmpdir(), 'preview-'));
  closeLater(() => Promise.resolve(rmSync(out, { recursive: true })));
  return out;
}

const filesIn = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'index.html')
    .map(({ name }) => name)
    .toSorted((a, b) => a.localeCompare(b));

describe('ops preview', () => {
  it('B1: writes a kind in every brand as HTML, text, .eml and screenshots, with an index of all files', async () => {
    const out = folder();
    const { code, lines } = await runOps({}, ['preview', 'test', '--brand', 'all', '--out', out]);
    expect({ code, lines }).toEqual({ code: 0, lines: [join(out, 'index.html')] });
    const index = readFileSync(join(out, 'index.html'), 'utf8');
    for (const brand of brands) {
      expect(filesIn(join(out, brand))).toEqual(expected);
      expect(readFileSync(join(out, brand, 'test-sample.txt'), 'utf8')).toContain('送信テスト');
    }
    const links = [...index.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links.length).toBe(brands.length * (expected.length === FILES.length ? 4 : 7));
    expect(links.filter((link) => !existsSync(join(out, link)))).toEqual([]);
  });

  it('writes one brand without subfolders, and lists the brands when the name is unknown', async () => {
    const out = folder();
    await runOps({}, ['preview', 'test', '--brand', 'rakuten-mobile', '--out', out]);
    expect(filesIn(out)).toEqual(expected);
    expect(readFileSync(join(out, 'test-sample.txt'), 'utf8')).toContain('楽天モバイル');
    const unknown = await runOps({}, ['preview', 'test', '--brand', 'nobody', '--out', out]);
    expect(unknown.code).not.toBe(0);
    expect(unknown.stderr).toContain(`--brand nobody: expected one of ${brands.join(', ')}, or all`);
  });

  it('says what is missing where only what the apps need is installed, as in the image', () => {
    const hooks = `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => {
        if (name !== 'postal-mime') return next(name, context);
        const code = 'ERR_MODULE_NOT_FOUND';
        throw Object.assign(new Error("Cannot find package 'postal-mime' imported from …"), { code });
      } });`;
    const node = ['--conditions=source', '--import', `data:text/javascript,${encodeURIComponent(hooks)}`];
    const { status, stderr } = spawnSync(process.execPath, [...node, 'tools/ops/ops.ts', 'preview', 'test'], {
      cwd: PACKAGE,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'preview needs postal-mime, which is not installed here: it works in a checkout, after `npm ci`\n',
    });
  });
});
