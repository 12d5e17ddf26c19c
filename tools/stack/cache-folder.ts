import { homedir } from 'node:os';
import path from 'node:path';

/** The folder for downloads, shared by all of this user's checkouts (XDG base directories). */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return path.join(
    base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'),
    'denwa-notify',
  );
}
