import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version in package.json; the same from the sources and from `dist/`. */
export function programVersion(): string {
  const path = findPackageJSON('.', import.meta.url);
  const { version } = JSON.parse(path ? readFileSync(path, 'utf8') : '{}') as { version?: string };
  return version ?? 'unknown';
}
