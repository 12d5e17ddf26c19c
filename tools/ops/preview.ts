import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import PostalMime from 'postal-mime';
import {
  BRANDS_DIR,
  createComposer,
  loadBrands,
  MAIL_KINDS,
  MailError,
  type Brands,
  type MailKind,
} from '#mail';
import { ensureTemplates, readSamples, TEMPLATES_DIR } from '../../libs/mail/build-templates.ts';
import { previewIndex, type PreviewedMail } from './preview-index.ts';
import { findChromium, takePictures } from './preview-pictures.ts';

interface PreviewOptions {
  readonly brand: string;
  readonly out: string;
}

/** Writes a kind's samples as .eml, and as the HTML and text that a mail reader takes out of it. */
async function writeSamples(kind: MailKind, brands: Brands, options: PreviewOptions) {
  const templatesDir = await ensureTemplates();
  const mails = readSamples(TEMPLATES_DIR, kind).map(async ({ name, content }): Promise<PreviewedMail> => {
    const now = (): number => content.event.at;
    const composer = createComposer({ templatesDir, brands, tokenKey: Buffer.alloc(32), now });
    const { message } = composer.compose(content, options.brand, 'hanako@example.jp');
    const { subject = '', from, html = '', text = '' } = await PostalMime.parse(message);
    const file = `${kind}-${name}`;
    writeFileSync(join(options.out, `${file}.eml`), message);
    writeFileSync(join(options.out, `${file}.html`), html);
    writeFileSync(join(options.out, `${file}.txt`), text);
    return { file, subject, from: from?.name ?? '', text };
  });
  return Promise.all(mails);
}

async function preview(kind: MailKind | 'all', given: PreviewOptions): Promise<void> {
  const options = { ...given, out: resolve(given.out) };
  const brands = loadBrands(process.env['NOTIFY_BRANDS_DIR'] ?? BRANDS_DIR);
  if (!brands.has(options.brand))
    throw new MailError(
      'BRAND_UNKNOWN',
      `--brand ${options.brand}: expected one of ${[...brands.keys()].join(', ')}`,
    );
  mkdirSync(options.out, { recursive: true });
  const kinds = kind === 'all' ? MAIL_KINDS : [kind];
  const mails = (await Promise.all(kinds.map((each) => writeSamples(each, brands, options)))).flat();
  const chromium = findChromium();
  if (chromium === undefined)
    console.error('No Chromium found, so no pictures: install one, or name its program in CHROMIUM.');
  else await takePictures(chromium, options.out, mails);
  const index = join(options.out, 'index.html');
  writeFileSync(index, previewIndex(mails, chromium !== undefined));
  console.log(index);
}

/** `ops preview <kind>`: what subscribers get, as files to look at. */
export function previewCommand(): Command {
  return new Command('preview')
    .summary('what subscribers get, as files to look at')
    .description('Renders the samples of a kind of mail as HTML, text, .eml and pictures, with an index page')
    .addArgument(new Argument('<kind>', 'a kind of mail').choices([...MAIL_KINDS, 'all']))
    .option('--brand <brand>', 'whose mail', 'ntt-east')
    .option('--out <dir>', 'where to write', 'dist/preview')
    .action(preview);
}
