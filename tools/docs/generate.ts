import { writeFileSync } from 'node:fs';
import { configurationPage } from '#platform';

/** The pages of docs/ that are made from the program; a test of each says when it is out of date. */
const pages: Readonly<Record<string, () => string>> = {
  'docs/configuration.md': configurationPage,
};

for (const [path, text] of Object.entries(pages)) writeFileSync(path, text());
