import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import PostalMime from 'postal-mime';
import {
  BRANDS_DIR,
  createComposer,
  loadBrands,
  MAIL_KINDS,
  type Brand,
  type Brands,
  type MailKind,
} from '#mail';
import { ensureTemplates, readSamples, TEMPLATES_DIR } from '../../libs/mail/build-templates.ts';
import { findChromium } from '../browser/install-chromium.ts';
import { galleryPage, previewIndex, type PreviewedMail } from './preview-pages.ts';
import { takePictures } from './preview-pictures.ts';

/** What `ops preview` was asked for; `brand` may be `all`. */
interface PreviewOptions {
  readonly brand: string;
  readonly out: string;
}

interface Place {
  readonly out: string;
  /** Relative to `out`. */
  readonly folder: string;
}

/** Writes a kind's samples as .eml, HTML and text. */
async function writeSamples(kind: MailKind, brand: Brand, brands: Brands, { out, folder }: Place) {
  const templatesDir = await ensureTemplates();
  const samples = readSamples(TEMPLATES_DIR, kind, brand);
  const mails = samples.map(async ({ name, content }): Promise<PreviewedMail> => {
    const now = (): number => content.event.at;
    const composer = createComposer({ templatesDir, brands, tokenKey: Buffer.alloc(32), now });
    const { message } = composer.compose(content, brand.id, 'hanako@example.jp');
    const { subject = '', from, html = '', text = '' } = await PostalMime.parse(message);
    const file = join(folder, `${kind}-${name}`);
    writeFileSync(join(out, `${file}.eml`), message);
    writeFileSync(join(out, `${file}.html`), html);
    writeFileSync(join(out, `${file}.txt`), text);
    return { file, subject, from: `${from?.name ?? ''} <${from?.address ?? ''}>`, text };
  });
  return Promise.all(mails);
}

function chosenBrands(brands: Brands, name: string): readonly Brand[] {
  if (name === 'all') return [...brands.values()];
  const brand = brands.get(name);
  if (brand) return [brand];
  const known = [...brands.keys()].join(', ');
  throw new InvalidArgumentError(`--brand ${name}: expected one of ${known}, or all`);
}

/** Writes the samples of a kind of mail, or of all, and prints the path of their index. Throws for an unknown brand. */
export async function preview(kind: MailKind | 'all', options: PreviewOptions): Promise<void> {
  const out = resolve(options.out);
  const brands = loadBrands(process.env['NOTIFY_BRANDS_DIR'] ?? BRANDS_DIR);
  const chosen = chosenBrands(brands, options.brand);
  const kinds = kind === 'all' ? MAIL_KINDS : [kind];
  const mails: PreviewedMail[] = [];
  const folderOf = ({ id }: Brand): string => (options.brand === 'all' ? id : '');
  for (const brand of chosen) {
    const place = { out, folder: folderOf(brand) };
    mkdirSync(join(out, place.folder), { recursive: true });
    for (const each of kinds) mails.push(...(await writeSamples(each, brand, brands, place)));
  }
  const chromium = findChromium();
  if (chromium === undefined)
    console.error('No screenshots, because Chromium was not found: install it, or set CHROMIUM to its path.');
  else {
    console.error(`Taking screenshots of ${mails.length} mails`);
    const gallery = kind === 'all' ? galleryPage(chosen.map(folderOf)[0] ?? '') : undefined;
    await takePictures(chromium, out, mails, gallery);
  }
  const index = join(out, 'index.html');
  writeFileSync(index, previewIndex(mails, chromium !== undefined));
  console.log(index);
}
