/**
 * The mail apps on phones in Japan for which caniemail.com has data (pinned by package-lock.json). It has none for the
 * carriers' own apps and for Yahoo! JAPAN's.
 */
export const PHONES = [
  'apple-mail.ios',
  'gmail.ios',
  'gmail.android',
  'gmail.mobile-webmail',
  'outlook.ios',
  'outlook.android',
  'samsung-email.android',
  'yahoo.ios',
  'yahoo.android',
  'yahoo.desktop-webmail',
] as const;
type Phone = (typeof PHONES)[number];

/** A feature that some apps lack, and why that does no harm. */
interface Gap {
  /** Apps without any support; all other apps in the data have at least partial support. */
  readonly missingIn?: readonly Phone[];
  /** The values that our mails use, all of which apps with partial support understand. */
  readonly values?: RegExp;
  readonly why: string;
}

const GMAIL_APPS = ['gmail.ios', 'gmail.android'] as const;
const GMAIL_WEB = 'gmail.mobile-webmail';
const YAHOO = ['yahoo.ios', 'yahoo.android', 'yahoo.desktop-webmail'] as const;
const OUTLOOK = ['outlook.ios', 'outlook.android'] as const;

const STYLE_SHEET: Gap = {
  missingIn: [GMAIL_WEB],
  why: 'All light styles are inline. Without the style sheet the card touches the edges, and dark mode looks like light mode.',
};
const NIGHT: Gap = {
  missingIn: [GMAIL_WEB, ...GMAIL_APPS, ...YAHOO, ...OUTLOOK],
  why: 'These apps invert colours themselves; that contrast is measured, too.',
};
const SIZE = /^[0-9]+(\.[0-9]+)?(px|pt|%)?$/;
const SIZES = /^([0-9]+(px|pt)?|auto)( ([0-9]+(px|pt)?|auto)){0,3}( ?!important)?$/;

/**
 * The features that our mails use although some app lacks support, by their names on caniemail.com. No others may be
 * used. Each row says what a subscriber with such an app sees.
 */
export const GAPS: Readonly<Record<string, Gap>> = {
  '<style> element': STYLE_SHEET,
  '@media': STYLE_SHEET,
  'color-scheme CSS property': NIGHT,
  'color-scheme meta tag': {
    missingIn: [...(NIGHT.missingIn ?? []), 'apple-mail.ios', 'samsung-email.android'],
    why: 'Apple Mail reads the property instead, Samsung Email the media query; the tag is for Apple Mail on a Mac.',
  },
  '<body> element': {
    missingIn: ['yahoo.ios', 'yahoo.android'],
    why: 'The <div> inside it has the same background and language.',
  },
  'aria-label attribute': {
    missingIn: YAHOO,
    why: 'It repeats the title; the headline says what the mail is.',
  },
  'role attribute': { why: 'It is kept on tables, where it matters.' },
  'lang attribute': { why: 'It is set on <html> and on the outermost <div>.' },
  'dir attribute': {
    why: 'Our mails have no right-to-left text; bidirectional control characters are removed.',
  },
  'display:none': {
    missingIn: [GMAIL_WEB],
    why: 'The preheader also has no height, and only repeats the mail.',
  },
  overflow: {
    values: /^hidden$/,
    why: 'All apps support hidden; Android cannot scroll, which we do not need.',
  },
  'white-space': {
    missingIn: ['samsung-email.android'],
    values: /^(nowrap|normal)$/,
    why: 'A number may break at a hyphen if the font is very large.',
  },
  'word-break': {
    missingIn: YAHOO,
    values: /^break-(word|all)$/,
    why: 'It matters only for long links, which these apps break at slashes and hyphens.',
  },
  background: { values: /^#([0-9a-f]{3}){1,2}(!important)?$/, why: 'All apps support a plain colour.' },
  'border-radius': { values: /^[0-9]+px$/, why: 'Only elliptical corners are missing.' },
  display: { values: /^(none|block|inline-block)(!important)?$/, why: 'All apps support these three.' },
  'font-size': { values: SIZE, why: 'All apps support pixels.' },
  'font-weight': { values: /^700$/, why: 'All apps support hundreds.' },
  margin: { values: SIZES, why: 'Only negative margins are missing.' },
  'max-width': { values: SIZE, why: 'Only tables lack it on iOS; ours is on a <div>.' },
  'text-align': { values: /^(left|right|center)$/, why: 'Only start, end and match-parent are missing.' },
  'text-decoration': { values: /^none$/, why: 'An underlined number can still be tapped.' },
};
