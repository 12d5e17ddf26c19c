/** A language of the documentation. */
export type Language = 'en' | 'ja';

/**
 * A page with `content` between the markers `<!-- <name>: begin -->` and `<!-- <name>: end -->`. What is between them is
 * not Prettier's to format. Throws when the page lacks them.
 */
export function betweenMarkers(page: string, name: string, content: string): string {
  const [begin, end] = ['begin', 'end'].map((which) => `<!-- ${name}: ${which} -->`) as [string, string];
  const [before, rest, ...more] = page.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`The page needs ${begin} and ${end} once`);
  const kept = `<!-- prettier-ignore-start -->\n${content}\n<!-- prettier-ignore-end -->`;
  return `${before}${begin}\n${kept}\n${end}${after}`;
}
