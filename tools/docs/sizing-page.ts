import { readFileSync } from 'node:fs';
import { sizingTables } from '../sizing/sizing-tables.ts';

/** The page whose tables are computed; its text is written by hand. */
export const SIZING_PAGE = 'docs/sizing.md';

/** The page with its tables computed anew. Throws for a table that has no place in it. */
export function sizingPage(): string {
  let page = readFileSync(SIZING_PAGE, 'utf8');
  for (const [name, table] of sizingTables()) {
    const place = new RegExp(
      `(<!-- ${name} -->\n<!-- prettier-ignore-start -->\n\n).*?(\n\n<!-- prettier-ignore-end -->)`,
      's',
    );
    if (!place.test(page)) throw new Error(`${SIZING_PAGE} has no place for the table ${name}`);
    page = page.replace(place, (_all, before: string, after: string) => before + table + after);
  }
  return page;
}
