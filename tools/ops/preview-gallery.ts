import { join } from 'node:path/posix';

/** What the gallery shows: one of each kind of message, most by day, some by night. */
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

/** The width of the picture in CSS pixels: four phones of 285 beside each other. */
export const GALLERY_WIDTH = 1240;

/** The page whose picture shows mails as phones show them, from the pictures in a folder beside it. */
export function galleryPage(folder: string): string {
  const pictures = SHOWN.map((name) => `<img src="${join(folder, name)}.png" alt="">`);
  return `<!doctype html><html><meta charset="utf-8"><title>Gallery</title>
<style>body{margin:0;padding:20px;background:#8a97a3;display:grid;grid-template-columns:repeat(4,285px);gap:20px;align-items:start}
img{width:285px;border-radius:14px}</style>
${pictures.join('\n')}</html>
`;
}
