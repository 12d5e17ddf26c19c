import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { contrastOf } from '../../../../test/support/contrast.ts';
import { ASSETS_DIR } from '#pages';

const css = readFileSync(join(ASSETS_DIR, 'site.css'), 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
const require = createRequire(import.meta.url);
const official = readFileSync(require.resolve('@digital-go-jp/design-tokens/dist/tokens.css'), 'utf8');

/** The custom properties that a piece of CSS declares. */
const declared = (text: string) =>
  new Map(Array.from(text.matchAll(/(--[\w-]+):\s*([^;]+);/g), ([, name = '', value = '']) => [name, value]));

const dark = /@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/.exec(css)?.[1] ?? '';
const light = declared(css.replace(dark, ''));
const schemes = { light, dark: new Map([...light, ...declared(dark)]) };
/** Names of the design tokens; ours have one or two words. */
const isToken = (name: string) => /^--(color|font|line|border)-/.test(name);

const TEXT = 4.5;
const SHAPE = 3;
/** Every colour on every ground that it stands on, with the contrast that WCAG 2.2 asks for (1.4.3, 1.4.11). */
const PAIRS: readonly (readonly [string, string, number])[] = [
  ...['--ink', '--quiet-ink', '--link', '--link-over'].flatMap((ink) =>
    ['--paper', '--panel', '--bar', '--wrong-panel', '--good-panel'].map(
      (paper) => [ink, paper, TEXT] as const,
    ),
  ),
  ...['--paper', '--wrong-panel'].map((paper) => ['--wrong', paper, TEXT] as const),
  ...['--paper', '--good-panel'].map((paper) => ['--good', paper, TEXT] as const),
  ['--on-primary', '--primary', TEXT],
  ['--on-primary', '--primary-over', TEXT],
  ['--focus-ink', '--focus-paper', TEXT],
  ...['--paper', '--panel', '--bar'].map((paper) => ['--primary', paper, SHAPE] as const),
  ...['--paper', '--panel', '--bar'].map((paper) => ['--focus-ring', paper, SHAPE] as const),
  ['--edge', '--paper', SHAPE],
];
/** Lines between rows: they carry no meaning. */
const DECORATION = ['--hairline'];

function colour(scheme: ReadonlyMap<string, string>, name: string): string {
  const value = scheme.get(name) ?? '';
  const [, other] = /^var\((--[\w-]+)\)$/.exec(value) ?? [];
  return other === undefined ? value : colour(scheme, other);
}

describe('site.css', () => {
  it("has the values of デジタル庁's design tokens under their names", () => {
    const tokens = declared(official);
    const own = [...light].filter(([name]) => isToken(name));
    expect(own.length).toBeGreaterThan(20);
    for (const [name, value] of own) expect([name, value]).toEqual([name, tokens.get(name)]);
  });

  it('declares what it uses and uses what it declares', () => {
    const used = new Set(Array.from(css.matchAll(/var\((--[\w-]+)\)/g), ([, name = '']) => name));
    expect([...light.keys()].toSorted()).toEqual([...used].toSorted());
  });

  it('has no colour but those of the tokens and of the dark', () => {
    const rest = css.slice(css.indexOf('@layer base {'));
    expect(rest.match(/#[0-9a-f]{3,8}\b/gi)).toBeNull();
  });

  describe.each(['light', 'dark'] as const)('in the %s', (scheme) => {
    it.each(PAIRS)('shows %s on %s with a contrast of %s', (ink, paper, least) => {
      const contrast = contrastOf(colour(schemes[scheme], ink), colour(schemes[scheme], paper));
      expect(contrast).toBeGreaterThanOrEqual(least);
    });
  });

  it('has no colour that no pair checks', () => {
    const checked = new Set([...PAIRS.flatMap(([ink, paper]) => [ink, paper]), ...DECORATION]);
    const roles = [...light]
      .filter(([name, value]) => !isToken(name) && value.startsWith('var(--color'))
      .map(([name]) => name);
    expect(roles.filter((name) => !checked.has(name))).toEqual([]);
    expect([...declared(dark).keys()].filter((name) => !checked.has(name))).toEqual([]);
  });

  it('loads nothing from elsewhere, and measures type in rem', () => {
    expect(css).not.toMatch(/url\(|@import|@font-face/);
    expect(
      Array.from(css.matchAll(/font-size:\s*([^;]+);/g), ([, size]) => size).filter((size) =>
        size?.endsWith('px'),
      ),
    ).toEqual([]);
  });
});
