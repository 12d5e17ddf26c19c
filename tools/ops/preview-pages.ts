import { join } from 'node:path/posix';

/** One mail of a preview; `file` is the path of its files without extension, relative to the page. */
export interface PreviewedMail {
  readonly file: string;
  readonly subject: string;
  readonly from: string;
  readonly text: string;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function section({ file, subject, from, text }: PreviewedMail, pictures: boolean): string {
  const shown = pictures
    ? ['phone-light', 'phone-dark', 'pc-light', 'pc-dark'].map(
        (view) => `<img src="${file}.${view}.png" alt="${view}" loading="lazy">`,
      )
    : [`<iframe src="${file}.html" title="${escapeHtml(subject)}"></iframe>`];
  return `<section><h2>${escapeHtml(subject)} <small>${escapeHtml(from)} · ${file}</small></h2>
<p><a href="${file}.html">HTML</a> <a href="${file}.txt">text</a> <a href="${file}.eml">.eml</a></p>
<div>${shown.join('')}<pre>${escapeHtml(text)}</pre></div></section>`;
}

/** The page that shows all mails of a preview side by side. */
export function previewIndex(mails: readonly PreviewedMail[], pictures: boolean): string {
  return `<!doctype html><html lang="ja"><meta charset="utf-8"><title>Mails</title>
<style>body{font-family:sans-serif;margin:24px;background:#8a94a0}
section{background:#fff;padding:8px 20px 20px;margin-bottom:24px;border-radius:8px}
h2{font-size:18px}small{font-weight:400;color:#555}section>div{display:flex;gap:16px;overflow-x:auto;align-items:start}
img{height:640px}iframe{width:375px;height:640px;border:1px solid #ccc}pre{white-space:pre-wrap;min-width:340px}</style>
${mails.map((mail) => section(mail, pictures)).join('\n')}</html>
`;
}

/** The mails in the gallery, most in light colours, some in dark ones. */
const SHOWN = [
  'call-unanswered.phone-light',
  'call-abroad.phone-light',
  'fax-complete.phone-dark',
  'fault-numbers.phone-light',
  'recovery-both.phone-light',
  'one-time-password-sample.phone-light',
  'address-registration-sample.phone-dark',
  'account-locked-sample.phone-light',
] as const;

/** The width of the gallery in CSS pixels: four phones of 285 side by side. */
export const GALLERY_WIDTH = 1240;

/** The gallery's page: phone screenshots from a folder next to it. */
export function galleryPage(folder: string): string {
  const pictures = SHOWN.map((name) => `<img src="${join(folder, name)}.png" alt="">`);
  return `<!doctype html><html><meta charset="utf-8"><title>Gallery</title>
<style>body{margin:0;padding:20px;background:#8a97a3;display:grid;grid-template-columns:repeat(4,285px);gap:20px;align-items:start}
img{width:285px;border-radius:14px}</style>
${pictures.join('\n')}</html>
`;
}
