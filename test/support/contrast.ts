import type { CheerioAPI } from 'cheerio';
import { load } from 'cheerio';

type Rgb = readonly [number, number, number];

/** How an app shows a mail: as sent, with our dark colours, or with all colours inverted. */
export const APPEARANCES = ['light', 'dark', 'inverted'] as const;
type Appearance = (typeof APPEARANCES)[number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

function parseColor(value: string | undefined): Rgb | undefined {
  const hex = /#([0-9a-f]{3}|[0-9a-f]{6})\b/i.exec(value ?? '')?.[1];
  if (hex === undefined) return undefined;
  const full =
    hex.length === 3
      ? hex
          .split('')
          .map((digit) => digit + digit)
          .join('')
      : hex;
  const at = (index: number): number => parseInt(full.slice(index, index + 2), 16);
  return [at(0), at(2), at(4)];
}

function luminance(color: Rgb): number {
  const linear = (value: number): number => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
}

/** The contrast ratio of WCAG 2, 1 to 21. */
function contrastRatio(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The contrast ratio of two colours written as `#rgb` or `#rrggbb`. Throws for any other. */
export function contrastOf(one: string, other: string): number {
  const [ink, paper] = [parseColor(one), parseColor(other)];
  if (!ink || !paper) throw new Error(`expected two colours, got ${one} and ${other}`);
  return contrastRatio(ink, paper);
}

const clamp = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** Applies `invert(1) hue-rotate(180deg)`: light becomes dark, the hue stays (Filter Effects §8). */
function inverted([red, green, blue]: Rgb): Rgb {
  const [r, g, b] = [255 - red, 255 - green, 255 - blue];
  return [
    clamp(-0.574 * r + 1.43 * g + 0.144 * b),
    clamp(0.426 * r + 0.43 * g + 0.144 * b),
    clamp(0.426 * r + 1.43 * g - 0.856 * b),
  ];
}

interface Colors {
  color?: string | undefined;
  background?: string | undefined;
}

function declaredColors(css: string): Colors {
  const found: Colors = {};
  for (const declaration of css.split(';')) {
    const [name = '', value = ''] = declaration.split(':').map((part) => part.trim());
    if (name === 'color') found.color = value;
    if (name === 'background' || name === 'background-color') found.background = value;
  }
  return found;
}

/** Applies the mail's dark style rules over its inline styles. */
function applyDarkRules($: CheerioAPI): void {
  const css = $('style').text();
  const start = css.indexOf('@media (prefers-color-scheme:dark){');
  if (start < 0) throw new Error('The mail has no dark colours');
  const rules = css.slice(css.indexOf('{', start) + 1);
  for (const [, selector = '', body = ''] of rules.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const css = body.replaceAll('!important', '');
    $(selector.trim()).each((_, element) => {
      $(element).attr('style', `${$(element).attr('style') ?? ''};${css}`);
    });
  }
}

/** Finds the text with the lowest contrast to its background. */
export function lowestContrast(html: string, appearance: Appearance): { ratio: number; text: string } {
  const $ = load(html);
  if (appearance === 'dark') applyDarkRules($);
  let lowest = { ratio: Infinity, text: '' };
  $('body *').each((_, element) => {
    const own = $(element)
      .contents()
      .toArray()
      .filter((node) => node.type === 'text');
    const text = own
      .map((node) => $(node).text())
      .join('')
      .trim();
    const chain = [element, ...$(element).parents().toArray()].map((each) => $(each));
    if (text === '' || chain.some((each) => /display:\s*none/.test(each.attr('style') ?? ''))) return;
    const colors = chain.map((each) => ({
      ...declaredColors(`background:${each.attr('bgcolor') ?? ''}`),
      ...declaredColors(each.attr('style') ?? ''),
    }));
    const ink = parseColor(colors.find(({ color }) => parseColor(color))?.color) ?? BLACK;
    const paper = parseColor(colors.find(({ background }) => parseColor(background))?.background) ?? WHITE;
    const ratio =
      appearance === 'inverted' ? contrastRatio(inverted(ink), inverted(paper)) : contrastRatio(ink, paper);
    if (ratio < lowest.ratio) lowest = { ratio, text };
  });
  return lowest;
}
