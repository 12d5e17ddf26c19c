/**
 * Where mail is read on phones in Japan, as far as anybody has published what is supported there (the data of
 * caniemail.com, pinned by package-lock.json). It knows nothing of the carriers' own apps and of Yahoo! JAPAN's.
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

/** What some mail apps make of a feature, and why that does no harm. */
interface Gap {
  /** The apps that do not have the feature at all; the others that are named by the data have most of it. */
  readonly missingIn?: readonly Phone[];
  /** All values that our mails give the property: those that the apps with a part of the feature understand. */
  readonly values?: RegExp;
  readonly why: string;
}

const GMAIL_APPS = ['gmail.ios', 'gmail.android'] as const;
const GMAIL_WEB = 'gmail.mobile-webmail';
const YAHOO = ['yahoo.ios', 'yahoo.android', 'yahoo.desktop-webmail'] as const;
const OUTLOOK = ['outlook.ios', 'outlook.android'] as const;

const STYLE_SHEET: Gap = {
  missingIn: [GMAIL_WEB],
  why: 'Everything by day is inline: without the style sheet the card touches the edges, and the night stays as bright as the day.',
};
const NIGHT: Gap = {
  missingIn: [GMAIL_WEB, ...GMAIL_APPS, ...YAHOO, ...OUTLOOK],
  why: 'These apps turn colours around themselves; the contrast of that is measured too.',
};
const SIZE = /^[0-9]+(\.[0-9]+)?(px|pt|%)?$/;
const SIZES = /^([0-9]+(px|pt)?|auto)( ([0-9]+(px|pt)?|auto)){0,3}( ?!important)?$/;

/**
 * By the names of caniemail.com, what the mails use although some app lacks a part of it. Nothing else may be used:
 * whoever adds a row says what a subscriber with that app sees.
 */
export const GAPS: Readonly<Record<string, Gap>> = {
  '<style> element': STYLE_SHEET,
  'Chaining selectors': STYLE_SHEET,
  'Class selector': STYLE_SHEET,
  'Descendant combinator': STYLE_SHEET,
  'ID selector': STYLE_SHEET,
  'Type selector': STYLE_SHEET,
  '@media': STYLE_SHEET,
  '!important keyword': { why: STYLE_SHEET.why },
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
  'lang attribute': { why: 'It stands on <html> and on the <div> that holds all.' },
  'target attribute': {
    missingIn: [GMAIL_WEB, ...GMAIL_APPS, ...YAHOO],
    why: 'Every app opens links in a window of their own anyway.',
  },
  'dir attribute': {
    why: 'No right-to-left language is in our mails; their control characters are taken out.',
  },
  direction: { values: /^ltr$/, why: 'See the dir attribute.' },
  cursor: {
    missingIn: [GMAIL_WEB, ...GMAIL_APPS, 'yahoo.ios', ...OUTLOOK, 'apple-mail.ios'],
    why: 'A finger has no cursor.',
  },
  'display:none': {
    missingIn: [GMAIL_WEB],
    why: 'The preheader has no height either, and repeats what the mail says.',
  },
  opacity: { missingIn: [GMAIL_WEB], why: 'See display:none.' },
  overflow: {
    values: /^hidden$/,
    why: 'Hidden is what all of them have; Android cannot scroll, and need not.',
  },
  'height property': { missingIn: YAHOO, values: /^auto$/, why: 'MJML gives it to images; there are none.' },
  'white-space': {
    missingIn: ['samsung-email.android'],
    values: /^(nowrap|normal)$/,
    why: 'A number may break at a hyphen where letters are set very large.',
  },
  'word-break': {
    missingIn: YAHOO,
    values: /^break-(word|all)$/,
    why: 'It matters for a long link alone, which these break at its slashes and hyphens alone.',
  },
  'word-spacing': { values: /^normal$/, why: 'Units matter to other values.' },
  background: { values: /^#[0-9a-f]{6}(!important)?$/, why: 'One colour is what all of them have.' },
  'border-radius': { values: /^[0-9]+px$/, why: 'Only elliptical corners are missing.' },
  display: { values: /^(none|block|inline-block)(!important)?$/, why: 'These three are in all of them.' },
  'font-size': { values: SIZE, why: 'Pixels are what all of them have.' },
  'font-weight': { values: /^700$/, why: 'Hundreds are what all of them have.' },
  margin: { values: SIZES, why: 'Only negative margins are missing.' },
  'max-width': { values: SIZE, why: 'Only tables lack it on iOS; ours stands on <div>.' },
  'table-layout': { values: /^auto$/, why: 'It is the initial value.' },
  'text-align': { values: /^(left|right|center)$/, why: 'Only start, end and match-parent are missing.' },
  'text-decoration': { values: /^none$/, why: 'A number that is underlined can still be tapped.' },
};
