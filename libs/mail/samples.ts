import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MailContent } from './mail.ts';
import type { MailKind } from './mail-kind.ts';

/** One mail to look at: which case of its kind it shows, and what it is made of. */
export interface Sample {
  readonly name: string;
  readonly content: MailContent;
}

const TIMES = new Set(['at', 'expiresAt', 'tellsFaultAt']);

/** The samples of a kind from `templates/<kind>/sample.json`, where times are written in RFC 3339. */
export function readSamples(templatesDir: string, kind: MailKind): readonly Sample[] {
  const json = readFileSync(join(templatesDir, kind, 'sample.json'), 'utf8');
  return JSON.parse(json, (key, value: unknown) =>
    TIMES.has(key) && typeof value === 'string' ? Date.parse(value) : value,
  ) as readonly Sample[];
}
