import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { MAIL_KINDS, type MailKind } from './mail-kind.ts';
import { MailError } from './mail-error.ts';
import type { View } from './view.ts';

/** A mail's three texts with every value filled in. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type Render = (view: View) => RenderedMail;
export type Templates = Readonly<Record<MailKind, Render>>;

const SUBJECT_LINE = /^Subject: (.+)\r?\n\r?\n/;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeText = (text: string): string =>
  /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '') : text;

/** Every text of a view as HTML: escaped before a template sees it, so that no template can forget to. */
function escaped(view: View): View {
  const safe: Record<string, View[string]> = {};
  for (const [key, value] of Object.entries(view)) {
    if (typeof value === 'string') safe[key] = escapeText(value);
    else safe[key] = typeof value === 'boolean' ? value : value.map(escapeText);
  }
  return safe;
}

const compile = (source: string): ((view: View) => string) =>
  // `strict`: a value that the view does not have is an error, not a gap in a subscriber's mail.
  Handlebars.compile<View>(source, { noEscape: true, strict: true, knownHelpersOnly: true });

/**
 * Makes a kind's render function of its compiled HTML and its text, which begins with a line `Subject: …` and an
 * empty line. Throws `TEMPLATE_INVALID`.
 */
export function compileTemplate(textSource: string, htmlSource: string): Render {
  const subjectSource = SUBJECT_LINE.exec(textSource)?.[1];
  if (subjectSource === undefined)
    throw new MailError('TEMPLATE_INVALID', 'mail.txt: expected `Subject: …` and an empty line first');
  const subject = compile(subjectSource);
  // Text has CRLF before it is encoded (RFC 2045 §6.8).
  const text = compile(textSource.replace(SUBJECT_LINE, '').replace(/\r?\n/g, '\r\n'));
  const html = compile(htmlSource);
  return (view) => {
    const heading = subject(view);
    return { subject: heading, text: text(view), html: html(escaped({ ...view, subject: heading })) };
  };
}

/** The compiled templates of every kind from the folder that `buildTemplates` filled. Throws when one is missing. */
export function loadTemplates(dir: string): Templates {
  const read = (name: string): string => readFileSync(join(dir, name), 'utf8');
  const entries = MAIL_KINDS.map((kind) => [
    kind,
    compileTemplate(read(`${kind}.txt`), read(`${kind}.html`)),
  ]);
  return Object.fromEntries(entries) as Templates;
}
