import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { MAIL_KINDS, type MailKind } from '../mail-kind.ts';
import type { Body } from './base64-lines.ts';
import { MailError } from '../mail-error.ts';
import { bodyText, filled, fillingOf, outlineOf, type Outline } from './outline.ts';
import type { View } from './view.ts';

/** A mail's three texts with every value filled in. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: Body;
  readonly html: Body;
}

/** Fills a template in; `common` are the values that many mails share, the same object each time. */
export type Render = (view: View, common?: View) => RenderedMail;
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

const escapeView = (view: View): View =>
  Object.fromEntries(
    Object.entries(view).map(([key, value]) => {
      if (typeof value === 'string') return [key, escapeText(value)];
      return [key, typeof value === 'object' ? value.map(escapeText) : value];
    }),
  );

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
  const known = new WeakMap<View, Map<string, MailOutline>>();
  return (view, common = NOTHING) => {
    const { shape, texts } = fillingOf(view);
    const outlines = known.get(common) ?? new Map<string, MailOutline>();
    known.set(common, outlines);
    let outline = outlines.get(shape);
    if (!outline) {
      const safe = escapeView(common);
      outline = {
        subject: outlineOf(subject, view, common),
        text: outlineOf(text, view, common),
        html: outlineOf(html, { ...view, subject: '?' }, safe),
      };
      // Lists have a shape for each length: the rare ones must not stay for ever.
      if (outlines.size >= MOST_OUTLINES) outlines.clear();
      outlines.set(shape, outline);
    }
    const heading = bodyText(filled(outline.subject, texts));
    // Every text is escaped before it reaches the HTML, so that no template can forget to.
    const safe = [...texts, heading].map(escapeText);
    return { subject: heading, text: filled(outline.text, texts), html: filled(outline.html, safe) };
  };
}

const NOTHING: View = {};
const MOST_OUTLINES = 64;

/** A mail's three texts for all views of one shape, what they have in common filled in; in the HTML the subject is one text more. */
interface MailOutline {
  readonly subject: Outline;
  readonly text: Outline;
  readonly html: Outline;
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
