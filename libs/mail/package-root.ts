import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findPackageRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findPackageRoot(dirname(from));
}

/** The folder of package.json, whether this file runs from the sources or from `dist/`. */
export const PACKAGE_ROOT = findPackageRoot(import.meta.dirname);
/** The build's output folder for templates. */
export const COMPILED_TEMPLATES_DIR = join(PACKAGE_ROOT, 'dist', 'templates');
/** The brands shipped with the product. `NOTIFY_BRANDS_DIR` overrides it. */
export const BRANDS_DIR = join(PACKAGE_ROOT, 'brands');
