import type { Body } from './base64-lines.ts';
import { FixedText } from './fixed-text.ts';
import type { View } from './view.ts';

/** A text to be filled in: what stands fixed, and between it which of the view's texts comes, by its place. */
export type Outline = readonly (FixedText | number)[];

/** What decides over a template's branches and repetitions, and the texts that go into it, in the view's order. */
export interface Filling {
  readonly shape: string;
  readonly texts: readonly string[];
}

// A control character: no template and no brand has one, and no other value reaches the outline.
const MARK = '\u0001';

/** Takes a view apart. Views of one shape differ in nothing but the wording of texts that are not empty. */
export function fillingOf(view: View): Filling {
  const texts: string[] = [];
  let shape = '';
  for (const key of Object.keys(view)) {
    const value = view[key];
    shape += key;
    if (typeof value === 'string') shape += take(value, texts);
    else if (typeof value === 'object') for (const item of value) shape += take(item, texts);
    else shape += value === true ? '!' : '?';
    shape += ',';
  }
  return { shape, texts };
}

function take(text: string, texts: string[]): string {
  if (text === '') return '-';
  texts.push(text);
  return '+';
}

/** Renders a view with marks in place of its texts, and `common` as it is: the outline of all views of its shape. */
export function outlineOf(render: (view: View) => string, view: View, common: View): Outline {
  let place = -1;
  const mark = (text: string): string => {
    if (text === '') return text;
    place += 1;
    return `${MARK}${place}${MARK}`;
  };
  const marked = Object.entries(view).map(([key, value]) => [
    key,
    typeof value === 'string' ? mark(value) : typeof value === 'object' ? value.map(mark) : value,
  ]);
  const parts = render({ ...common, ...(Object.fromEntries(marked) as View) }).split(MARK);
  // Between two marks stands a place.
  return parts
    .map((part, index) => (index % 2 === 1 ? Number(part) : new FixedText(part)))
    .filter((part) => typeof part === 'number' || part.text !== '');
}

/** The text of an outline with its gaps filled. */
export function filled(outline: Outline, texts: readonly string[]): Body {
  return outline.map((part) => (typeof part === 'number' ? (texts[part] ?? '') : part));
}

/** A body as one string. */
export function bodyText(body: Body): string {
  return body.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}
