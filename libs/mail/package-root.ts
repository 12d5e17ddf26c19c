import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findPackageRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findPackageRoot(dirname(from));
}

/** Where package.json stands; the same whether this file runs from the sources or from `dist/`. */
export const PACKAGE_ROOT = findPackageRoot(import.meta.dirname);
/** Where the build leaves the compiled templates. */
export const COMPILED_TEMPLATES_DIR = join(PACKAGE_ROOT, 'dist', 'templates');
/** The brands that come with the product; `NOTIFY_BRANDS_DIR` names another folder. */
export const BRANDS_DIR = join(PACKAGE_ROOT, 'brands');
