const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/** Most code units in one visible character. A longer pile of combining marks is no name. */
const CODE_UNITS_OF_A_GRAPHEME = 16;

// Line breaks and control characters would forge lines of the text part. Bidi controls would reverse words.
const UNWANTED =
  /(?:[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[^\S\u3000\u00a0])+/gu;

/**
 * Turns a subscriber's free text into one line of at most `limit` visible characters (graphemes). A text that was cut
 * ends in `…`. Rare kanji, emoji, half-width kana and the spaces U+3000 and U+00A0 are kept.
 */
export function tidyText(text: string, limit: number): string {
  const bounded = text.slice(0, (limit + 1) * CODE_UNITS_OF_A_GRAPHEME);
  const line = bounded.toWellFormed().replace(UNWANTED, ' ').replace(/^ | $/g, '');
  if (line.length <= limit) return line;
  let kept = '';
  let count = 0;
  for (const { segment } of graphemes.segment(line)) {
    if (segment.length > CODE_UNITS_OF_A_GRAPHEME) continue;
    if (count === limit) return `${kept.trimEnd()}…`;
    kept += segment;
    count += 1;
  }
  return kept;
}
