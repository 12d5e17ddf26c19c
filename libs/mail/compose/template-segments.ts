import { FixedText, type Body } from './base64-lines.ts';
import type { View } from './view.ts';

/** A rendered template cut at its values: fixed text, and the index of the value that goes in between. */
export type Segments = readonly (FixedText | number)[];

/** A view taken apart: `shape` decides which branches and repetitions a template takes, `texts` are filled in. */
export interface ShapedView {
  readonly shape: string;
  readonly texts: readonly string[];
}

// A control character: no template or brand contains one, and only the view is marked with it.
const MARK = '\u0001';

/** Splits a view. Views of the same shape differ only in the wording of their non-empty texts. */
export function shapeOf(view: View): ShapedView {
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

/** Renders a view with a marker for each of its texts and `common` as it is. The result fits every view of this shape. */
export function segmentsOf(render: (view: View) => string, view: View, common: View): Segments {
  let index = -1;
  const mark = (text: string): string => {
    if (text === '') return text;
    index += 1;
    return `${MARK}${index}${MARK}`;
  };
  const marked = Object.entries(view).map(([key, value]) => [
    key,
    typeof value === 'string' ? mark(value) : typeof value === 'object' ? value.map(mark) : value,
  ]);
  const parts = render({ ...common, ...(Object.fromEntries(marked) as View) }).split(MARK);
  // Every second part is the index between two marks.
  return parts
    .map((part, at) => (at % 2 === 1 ? Number(part) : new FixedText(part)))
    .filter((part) => typeof part === 'number' || part.text !== '');
}

/** Puts the texts of a view into the segments of its shape. */
export function fillIn(segments: Segments, texts: readonly string[]): Body {
  return segments.map((part) => (typeof part === 'number' ? (texts[part] ?? '') : part));
}

/** A body as one string. */
export function bodyText(body: Body): string {
  return body.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}
