/** A section of a page: the anchor that leads to it, and its text up to the next heading. */
export interface PageSection {
  readonly anchor: string;
  readonly text: string;
}

/**
 * The sections of a Markdown page, in order, what stands before its first heading left out. A heading after
 * `<a id="…"></a>` has that anchor, any other the one that GitHub makes of its words.
 */
export function pageSections(page: string): readonly PageSection[] {
  const named = page.replaceAll(/^<a id="([^"]+)"><\/a>\n\n(#+) .*$/gm, '$2 $1');
  return named
    .split(/^#+ /m)
    .slice(1)
    .map((section) => {
      const [heading = ''] = section.split('\n', 1);
      return { anchor: slugOf(heading), text: section.slice(heading.length) };
    });
}

const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
