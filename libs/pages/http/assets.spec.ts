import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ASSETS_DIR, loadAssets } from './assets.ts';

it('a file that changes gets another name, and the others keep theirs', () => {
  const dir = mkdtempSync(join(tmpdir(), 'assets-'));
  cpSync(ASSETS_DIR, dir, { recursive: true });
  const before = loadAssets(dir);
  writeFileSync(join(dir, 'site.css'), 'body{}');
  const after = loadAssets(dir);
  rmSync(dir, { recursive: true });
  expect(before.style).toMatch(/^\/assets\/site\.[0-9a-f]{10}\.css$/);
  expect(after.style).not.toBe(before.style);
  expect([after.script, after.icon]).toEqual([before.script, before.icon]);
});

it('everything that pages refer to is there, with its type', () => {
  const { style, script, icon, files } = loadAssets(ASSETS_DIR);
  const types = [style, script, icon].map((path) => files.get(path.replace('/assets/', ''))?.type);
  expect(types).toEqual(['text/css; charset=utf-8', 'text/javascript; charset=utf-8', 'image/svg+xml']);
});
