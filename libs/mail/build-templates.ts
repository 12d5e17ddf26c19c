// Compiles the templates at build time. Not in index.ts, because a running program must not load what inlines styles.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import Handlebars from 'handlebars';
import type { Brand } from './brand/brand.ts';
import { loadBrands } from './brand/load-brands.ts';
import { MailError } from './mail-error.ts';
import type { MailContent } from './mail.ts';
import { MAIL_KINDS, type MailKind } from './mail-kind.ts';
import { BRANDS_DIR, COMPILED_TEMPLATES_DIR, PACKAGE_ROOT } from './package-root.ts';
import { bodyText } from './compose/template-segments.ts';
import { compileTemplate } from './compose/templates.ts';
import { viewOf, type View } from './compose/view.ts';

/** The template sources: a folder for each kind, and `_partials`. */
export const TEMPLATES_DIR = join(PACKAGE_ROOT, 'templates');

const STAMP = 'sources.sha256';
/** Gmail's app clips longer mails. Leaves headroom for long values. */
const MAX_HTML_BYTES = 16_000;

/** Reads a source and replaces every `{{> name}}` by `_partials/name.<ext>`, which may hold others. */
function readSource(sources: string, file: string): string {
  return readFileSync(join(sources, file), 'utf8').replace(/\{\{> ([\w-]+)\}\}\n?/g, (_, partial) =>
    readSource(sources, join('_partials', `${partial}${extname(file)}`)),
  );
}

/** Moves the styles into the elements, where no mail app drops them, and leaves out whatever HTML does not need. */
async function compileHtml(source: string): Promise<string> {
  // Loaded lazily: checking whether the templates are fresh must stay cheap.
  const { default: juice } = await import('juice');
  const html = juice(source, {
    // No attributes that only repeat a style.
    applyAttributesTableElements: false,
    applyHeightAttributes: false,
    applyWidthAttributes: false,
  });
  return withoutUnused(html)
    .replace(/ style="[^"]*"/g, (style) => style.replace(/([:;]) /g, '$1').replace(';"', '"'))
    .replace(/="([\w#%.:-]+)"/g, '=$1')
    .replace(/\s*\n\s*/g, '');
}

/** Drops the rules of the style sheet for classes that no element has, and the classes that no rule is for. */
function withoutUnused(html: string): string {
  const needed = html.replace(/^\.(\w+).*\n/gm, (rule, name: string) =>
    new RegExp(`class="[^"]*\\b${name}\\b`).test(html) ? rule : '',
  );
  const sheet = needed.slice(0, needed.indexOf('</head>'));
  return needed.replace(/ class="([^"]*)"/g, (_, names: string) => {
    const used = names.split(' ').filter((name) => new RegExp(`\\.${name}\\b`).test(sheet));
    return used.length > 0 ? ` class="${used.join(' ')}"` : '';
  });
}

const HELPERS = new Set(['if', 'unless', 'each']);

/** Collects the values that a Handlebars template uses: every path that is neither a helper nor an item of `each`. */
class Placeholders extends Handlebars.Visitor {
  readonly names = new Set<string>();

  override PathExpression(path: hbs.AST.PathExpression): void {
    if (!path.data && path.original !== 'this' && !HELPERS.has(path.original)) this.names.add(path.original);
  }
}

/** The names used in `source` but not in `known`, in order of appearance. */
function unknownPlaceholders(source: string, known: ReadonlySet<string>): readonly string[] {
  const placeholders = new Placeholders();
  placeholders.accept(Handlebars.parse(source));
  return [...placeholders.names].filter((name) => !known.has(name));
}

function checkPlaceholders(file: string, source: string, view: View): void {
  const unknown = unknownPlaceholders(source, new Set(Object.keys(view)));
  if (unknown.length > 0)
    throw new MailError(
      'TEMPLATE_INVALID',
      `${file}: this kind has no ${unknown.join(', ')}; it has ${Object.keys(view).join(', ')}`,
    );
}

async function buildKind(sources: string, kind: MailKind, views: readonly View[]): Promise<Compiled> {
  const folder = join(sources, kind);
  const text = readSource(sources, join(kind, 'mail.txt'));
  const html = await compileHtml(readSource(sources, join(kind, 'mail.html')));
  const render = compileTemplate(text, html);
  for (const view of views) {
    checkPlaceholders(join(folder, 'mail.txt'), text, view);
    checkPlaceholders(join(folder, 'mail.html'), html, { ...view, subject: '' });
    const size = Buffer.byteLength(bodyText(render(view).html));
    if (size > MAX_HTML_BYTES)
      throw new MailError(
        'TEMPLATE_INVALID',
        `${folder}: a sample's HTML has ${size} bytes; expected at most ${MAX_HTML_BYTES}`,
      );
  }
  return { kind, text, html };
}

interface Compiled {
  readonly kind: MailKind;
  readonly text: string;
  readonly html: string;
}

/** Writes atomically: no reader sees half a file, even when two test processes build at once. */
function writeWhole(file: string, content: string): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}

function fingerprint(sources: string): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename));
  for (const file of globSync('**/*.{html,txt}', { cwd: sources }).toSorted())
    hash.update(`\0${file}\0`).update(readFileSync(join(sources, file)));
  return hash.digest('hex');
}

/** A sample mail: the case that it shows, and its content. */
export interface Sample {
  readonly name: string;
  readonly content: MailContent;
}

const TIMES = new Set(['at', 'expiresAt', 'tellsFaultAt']);

/**
 * Reads the samples of a kind from `templates/<kind>/sample.json` as mails of `brand`. In the file, times are RFC 3339
 * and links have no host.
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

/**
 * Compiles `mail.html` and `mail.txt` of every kind into `outDir` (default `dist/templates`) as `<kind>.html` and
 * `<kind>.txt`. Throws `TEMPLATE_INVALID`, naming the file, for a placeholder that mails of the kind do not have and for a
 * sample that is too large.
 */
export async function buildTemplates(
  outDir = COMPILED_TEMPLATES_DIR,
  sources = TEMPLATES_DIR,
): Promise<void> {
  const stamp = fingerprint(sources);
  const [brand] = loadBrands(BRANDS_DIR).values();
  if (!brand) return;
  mkdirSync(outDir, { recursive: true });
  const views = (kind: MailKind) =>
    readSamples(sources, kind, brand).map(({ content }) => viewOf(content, brand));
  for (const { kind, text, html } of await Promise.all(
    MAIL_KINDS.map((kind) => buildKind(sources, kind, views(kind))),
  )) {
    writeWhole(join(outDir, `${kind}.txt`), text);
    writeWhole(join(outDir, `${kind}.html`), html);
  }
  writeWhole(join(outDir, STAMP), stamp);
}

/** Builds the templates unless `outDir` is up to date. Returns the folder. */
export async function ensureTemplates(outDir = COMPILED_TEMPLATES_DIR): Promise<string> {
  const stamp = join(outDir, STAMP);
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(TEMPLATES_DIR);
  if (!fresh) await buildTemplates(outDir);
  return outDir;
}
