import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { brandSchema, type Brand, type Brands } from './brand.ts';
import { MailError } from '../mail-error.ts';

const FILE = /^([a-z0-9]+(?:-[a-z0-9]+)*)\.yaml$/;

/** The line of a value, or of the innermost enclosing part of the file when the value is missing. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const key = path[depth - 1];
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(key)) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, depth), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return 1;
}

function issueLine(file: string, document: Document, lines: LineCounter, issue: z.core.$ZodIssue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  return `${file}:${lineOf(document, lines, path)}: ${path.join('.') || 'the file'}: ${issue.message}`;
}

function readBrand(dir: string, name: string, id: string): Brand {
  const file = join(dir, name);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken)
    throw new MailError(
      'BRAND_INVALID',
      `${file}:${lines.linePos(broken.pos[0]).line}: not YAML: ${broken.message}`,
    );
  const result = brandSchema.safeParse(document.toJS());
  if (!result.success) {
    const problems = result.error.issues.map((issue) => issueLine(file, document, lines, issue));
    throw new MailError('BRAND_INVALID', problems.join('\n'));
  }
  const { deadlineHours, ...rest } = result.data;
  return { ...rest, id, deadlines: deadlineHours };
}

/**
 * Loads every `<brand>.yaml` of a folder, by brand id (B1). Throws `BRAND_INVALID` with one line for each problem: file,
 * line, field, and what was expected.
 */
export function loadBrands(dir: string): Brands {
  const brands = new Map<string, Brand>();
  for (const name of readdirSync(dir).toSorted()) {
    const id = FILE.exec(name)?.[1];
    if (id) brands.set(id, readBrand(dir, name, id));
    else if (/\.ya?ml$/.test(name))
      throw new MailError(
        'BRAND_INVALID',
        `${join(dir, name)}: expected a name like ntt-east.yaml: small letters, digits, single hyphens`,
      );
  }
  if (brands.size === 0) throw new MailError('BRAND_INVALID', `${dir}: expected at least one <brand>.yaml`);
  return brands;
}
