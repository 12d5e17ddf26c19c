import { readFileSync } from 'node:fs';
import { pageSections, type PageSection } from '../support/page-sections.ts';

const sectionsOf = (path: string): readonly PageSection[] => pageSections(readFileSync(path, 'utf8'));

/** What no language says differently, once each: commands without their comments, names, values, pictures. */
function sameIn(text: string): readonly string[] {
  const commands = Array.from(text.matchAll(/^```\w*\n([^]*?)^```/gm), ([, block = '']) =>
    block.split('\n').map((line) => line.replace(/^#.*| +# .*/, '').trim()),
  ).flat();
  const prose = text.replaceAll(/^```[^]*?^```/gm, '');
  const names = Array.from(prose.matchAll(/`([^`]+)`/g), ([, name = '']) => name.replaceAll(/\s+/g, ' '));
  const pictures = Array.from(prose.matchAll(/src="([^"]+)"/g), ([, picture = '']) => picture);
  return [...new Set([...commands, ...names, ...pictures])].sort();
}

const countsOf = (text: string): Readonly<Record<string, number>> => ({
  steps: text.match(/^\d\. /gm)?.length ?? 0,
  rows: text.match(/^\|/gm)?.length ?? 0,
});

describe.each([
  ['docs/runbook.md', 'docs/runbook.ja.md'],
  ['README.md', 'README.ja.md'],
])('%s and %s', (english, japanese) => {
  const pairs = sectionsOf(english).map(
    ({ anchor, text }, index) => [anchor, text, sectionsOf(japanese)[index]?.text ?? ''] as const,
  );

  it('have the same number of sections', () => {
    expect(pairs.length).toBeGreaterThan(6);
    expect(sectionsOf(japanese).length).toBe(pairs.length);
  });

  it.each(pairs)('have the same commands, names, steps and rows in %s', (_anchor, inEnglish, inJapanese) => {
    expect(sameIn(inJapanese)).toEqual(sameIn(inEnglish));
    expect(countsOf(inJapanese)).toEqual(countsOf(inEnglish));
    expect(inJapanese.trim() === '').toBe(inEnglish.trim() === '');
  });
});

it('The runbooks have the same sections in the same order, with the same anchors', () => {
  const anchorsOf = (path: string): string[] =>
    sectionsOf(path)
      .slice(1)
      .map(({ anchor }) => anchor);
  expect(anchorsOf('docs/runbook.ja.md')).toEqual(anchorsOf('docs/runbook.md'));
});
