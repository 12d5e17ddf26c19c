import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** The folder of the pages' own files, beside the sources and in `dist/` alike. */
export const ASSETS_DIR = join(import.meta.dirname, '..', 'assets');

/** A file as it is served. */
interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The files that pages refer to: their paths, and their contents by name. */
export interface Assets {
  /** The path of their folder, such as `/assets`. */
  readonly path: string;
  readonly style: string;
  readonly script: string;
  readonly icon: string;
  readonly files: ReadonlyMap<string, Asset>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the files into memory, and names each after its content: `site.3f2a9c01d4.css`. */
export function loadAssets(dir: string, path = '/assets'): Assets {
  const files = new Map<string, Asset>();
  const load = (name: string): string => {
    const bytes = readFileSync(join(dir, name));
    const extension = extname(name);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
    const hashed = `${name.slice(0, -extension.length)}.${hash}${extension}`;
    files.set(hashed, { type: TYPES[extension] ?? '', bytes });
    return `${path}/${hashed}`;
  };
  return { path, style: load('site.css'), script: load('site.js'), icon: load('site.svg'), files };
}
