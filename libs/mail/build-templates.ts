// The build's side of the templates: not in index.ts, because a running program must not load mjml.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unknownPlaceholders } from './check-placeholders.ts';
import { loadBrands } from './brand/load-brands.ts';
import { MailError } from './mail-error.ts';
import { MAIL_KINDS, type MailKind } from './mail-kind.ts';
import { BRANDS_DIR, COMPILED_TEMPLATES_DIR, PACKAGE_ROOT } from './package-root.ts';
import { readSamples } from './samples.ts';
import { bodyText } from './compose/outline.ts';
import { compileTemplate } from './compose/templates.ts';
import { viewOf, type View } from './compose/view.ts';

export { readSamples, type Sample } from './samples.ts';

/** The sources: a folder for each kind, and `_partials`. */
export const TEMPLATES_DIR = join(PACKAGE_ROOT, 'templates');

const STAMP = 'sources.sha256';
/** Gmail's app cuts mails that are longer; what the values add comes on top. */
const LARGEST_HTML = 16_000;

/** A source with every `{{> name}}` replaced by `_partials/name.<ext>`; MJML's own includes are dropped in silence. */
function readSource(sources: string, kind: MailKind, name: 'mail.mjml' | 'mail.txt'): string {
  const extension = name.slice('mail'.length);
  return readFileSync(join(sources, kind, name), 'utf8').replace(/\{\{> ([\w-]+)\}\}\n?/g, (_, partial) =>
    readFileSync(join(sources, '_partials', `${partial}${extension}`), 'utf8'),
  );
}

async function compileMjml(file: string, source: string): Promise<string> {
  // Loaded only to build: asking whether the templates are fresh costs milliseconds.
  const { default: mjml2html } = await import('mjml');
  try {
    const { html } = await mjml2html(source, {
      validationLevel: 'strict',
      fonts: {},
      minify: true,
      // The CSS minifier would have to understand placeholders; collapsing line breaks gives nearly as much.
      minifyOptions: { minifyCss: false, collapseWhitespace: true },
    });
    return html.replace(/\s*\n\s*/g, '');
  } catch (error) {
    throw new MailError('TEMPLATE_INVALID', `${file}: ${String(error)}`, { cause: error });
  }
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
  const text = readSource(sources, kind, 'mail.txt');
  const html = await compileMjml(join(folder, 'mail.mjml'), readSource(sources, kind, 'mail.mjml'));
  const render = compileTemplate(text, html);
  for (const view of views) {
    checkPlaceholders(join(folder, 'mail.txt'), text, view);
    checkPlaceholders(join(folder, 'mail.mjml'), html, { ...view, subject: '' });
    const size = Buffer.byteLength(bodyText(render(view).html));
    if (size > LARGEST_HTML)
      throw new MailError(
        'TEMPLATE_INVALID',
        `${folder}: a sample's HTML has ${size} bytes; expected at most ${LARGEST_HTML}`,
      );
  }
  return { kind, text, html };
}

interface Compiled {
  readonly kind: MailKind;
  readonly text: string;
  readonly html: string;
}

/** Readers never see half a file, even when two test processes build at once. */
function writeWhole(file: string, content: string): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}

function fingerprint(sources: string): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename));
  for (const file of globSync('**/*.{mjml,txt}', { cwd: sources }).toSorted())
    hash.update(`\0${file}\0`).update(readFileSync(join(sources, file)));
  return hash.digest('hex');
}

/**
 * Compiles every kind's `mail.mjml` and `mail.txt` into `outDir` (default `dist/templates`) as `<kind>.html` and
 * `<kind>.txt`. Throws `TEMPLATE_INVALID`, naming the file, when MJML is not valid or a value is used that the
 * kind's mails do not have.
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

/** Builds the templates unless `outDir` holds what these sources give. Answers with the folder. */
export async function ensureTemplates(outDir = COMPILED_TEMPLATES_DIR): Promise<string> {
  const stamp = join(outDir, STAMP);
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(TEMPLATES_DIR);
  if (!fresh) await buildTemplates(outDir);
  return outDir;
}
