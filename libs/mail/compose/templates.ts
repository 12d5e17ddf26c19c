import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { MAIL_KINDS, type MailKind } from '../mail-kind.ts';
import type { Body } from './base64-lines.ts';
import { MailError } from '../mail-error.ts';
import { bodyText, fillIn, segmentsOf, shapeOf, type Segments } from './template-segments.ts';
import type { View } from './view.ts';

/** Subject, text and HTML of a mail with all values filled in. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: Body;
  readonly html: Body;
}

/** Renders a view. `common` holds values shared by many mails; pass the same object each time, it is a cache key. */
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
  // `strict`: a missing value is an error, not a gap in a subscriber's mail.
  Handlebars.compile<View>(source, { noEscape: true, strict: true, knownHelpersOnly: true });

/**
 * Makes a render function from the compiled HTML of a kind and its text, which starts with `Subject: …` and an empty
 * line. Throws `TEMPLATE_INVALID`.
 */
export function compileTemplate(textSource: string, htmlSource: string): Render {
  const subjectSource = SUBJECT_LINE.exec(textSource)?.[1];
  if (subjectSource === undefined)
    throw new MailError('TEMPLATE_INVALID', 'mail.txt: expected `Subject: …` and an empty line first');
  const subject = compile(subjectSource);
  // Text needs CRLF before it is encoded (RFC 2045 §6.8).
  const text = compile(textSource.replace(SUBJECT_LINE, '').replace(/\r?\n/g, '\r\n'));
  const html = compile(htmlSource);
  const cache = new WeakMap<View, Map<string, MailSegments>>();
  return (view, common = NOTHING) => {
    const { shape, texts } = shapeOf(view);
    const shapes = cache.get(common) ?? new Map<string, MailSegments>();
    cache.set(common, shapes);
    let segments = shapes.get(shape);
    if (!segments) {
      const safe = escapeView(common);
      segments = {
        subject: segmentsOf(subject, view, common),
        text: segmentsOf(text, view, common),
        html: segmentsOf(html, { ...view, subject: '?' }, safe),
      };
      // Every list length is a separate shape: rare ones must not stay forever.
      if (shapes.size >= MAX_SHAPES) shapes.clear();
      shapes.set(shape, segments);
    }
    const heading = bodyText(fillIn(segments.subject, texts));
    // Every text is escaped here, so that no template can forget to.
    const safe = [...texts, heading].map(escapeText);
    return { subject: heading, text: fillIn(segments.text, texts), html: fillIn(segments.html, safe) };
  };
}

const NOTHING: View = {};
const MAX_SHAPES = 64;

/** The segments of a mail for all views of one shape. The HTML takes the subject as one more text, after the view's. */
interface MailSegments {
  readonly subject: Segments;
  readonly text: Segments;
  readonly html: Segments;
}

/** Loads the templates of every kind from the output folder of `buildTemplates`. Throws when one is missing. */
export function loadTemplates(dir: string): Templates {
  const read = (name: string): string => readFileSync(join(dir, name), 'utf8');
  const entries = MAIL_KINDS.map((kind) => [
    kind,
    compileTemplate(read(`${kind}.txt`), read(`${kind}.html`)),
  ]);
  return Object.fromEntries(entries) as Templates;
}
