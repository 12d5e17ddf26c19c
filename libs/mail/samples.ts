import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Brand } from './brand/brand.ts';
import type { MailContent } from './mail.ts';
import type { MailKind } from './mail-kind.ts';

/** One mail to look at: which case of its kind it shows, and what it is made of. */
export interface Sample {
  readonly name: string;
  readonly content: MailContent;
}

const TIMES = new Set(['at', 'expiresAt', 'tellsFaultAt']);

/**
 * The samples of a kind from `templates/<kind>/sample.json` as mails of `brand`, whichever they name; times are
 * written there in RFC 3339, and links without the site.
 */
export function readSamples(templatesDir: string, kind: MailKind, brand: Brand): readonly Sample[] {
  const json = readFileSync(join(templatesDir, kind, 'sample.json'), 'utf8');
  return JSON.parse(json, (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (key === 'brand') return brand.id;
    if (key === 'link') return new URL(value, brand.site.url).href;
    return TIMES.has(key) ? Date.parse(value) : value;
  }) as readonly Sample[];
}
