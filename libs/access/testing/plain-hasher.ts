import { HasherBusy } from '../password-hasher.ts';
import type { PasswordHasher } from '../ports.ts';

/** A hasher that hides nothing and counts its work. */
export interface PlainHasher extends PasswordHasher {
  /** How often it was asked to verify, and how often to hash. */
  verified: number;
  hashed: number;
  /** Who asked; `undefined` for nobody that could be told apart. */
  readonly sources: Set<string | undefined>;
  /** Whether too many wait, as it says then. */
  isBusy: boolean;
}

/** What the plain hasher makes of a password. */
export function plain(password: string): string {
  return `plain:${password}`;
}

/** Creates a plain hasher. */
export function createPlainHasher(): PlainHasher {
  const hasher: PlainHasher = {
    verified: 0,
    hashed: 0,
    sources: new Set(),
    isBusy: false,
    hash: async (password, source) => {
      if (hasher.isBusy) throw new HasherBusy();
      hasher.hashed += 1;
      hasher.sources.add(source);
      return plain(password);
    },
    verify: async (stored, password, source) => {
      if (hasher.isBusy) throw new HasherBusy();
      hasher.verified += 1;
      hasher.sources.add(source);
      return stored === plain(password);
    },
  };
  return hasher;
}
