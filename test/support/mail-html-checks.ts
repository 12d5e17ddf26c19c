import { load, type CheerioAPI } from 'cheerio';
import { APPEARANCES, lowestContrast } from './contrast.ts';

const LARGEST_HTML = 20 * 1024;
const LOWEST_CONTRAST = 4.5;
/** Elements that load or run something, or ask for input. */
const FORBIDDEN =
  'img,script,iframe,object,embed,form,input,video,audio,svg,base,link,meta[http-equiv="refresh"]';

/** What `htmlProblems` compares the HTML with. */
interface HtmlExpectation {
  readonly subject: string;
  readonly facts: readonly string[];
  readonly callable: string | undefined;
  readonly links: readonly string[];
}

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Removes the grouping of numbers: in HTML `090-1234-5678` states the same fact as `09012345678`. */
const withoutGrouping = (text: string): string => text.replace(/(?<=\d)-(?=\d)/g, '');

function isHidden($: CheerioAPI, element: Parameters<CheerioAPI>[0]): boolean {
  const style = $(element).attr('style') ?? '';
  return (
    /display:\s*none|visibility:\s*hidden|opacity:\s*0|font-size:\s*[01](px)?;.*line-height:\s*[01]px/.test(
      style,
    ) && $(element).text().trim() !== ''
  );
}

function structureProblems($: CheerioAPI, { subject }: HtmlExpectation): string[] {
  const problems: string[] = [];
  if ($('html').attr('lang') !== 'ja') problems.push('20: lang is not ja');
  if ($('title').text() !== subject) problems.push('20: the title is not the subject');
  const tables = $('table').toArray();
  if (tables.some((table) => $(table).attr('role') !== 'presentation'))
    problems.push('20: a table is not role=presentation');
  if ($('h1').length !== 1) problems.push('20: not one headline');
  return problems;
}

function hiddenTextProblems($: CheerioAPI): string[] {
  const hidden = $('body *')
    .toArray()
    .filter((element) => isHidden($, element));
  if (hidden.length !== 1) return [`21: ${hidden.length} hidden texts; expected the preheader alone`];
  const preheader = squeeze($(hidden[0]).text());
  $(hidden).remove();
  const visible = squeeze($('body').text());
  return preheader
    .split(' ')
    .filter((word) => !visible.includes(word))
    .map((word) => `21: the preheader says ${word}, the mail does not`);
}

function linkProblems($: CheerioAPI, { callable, links }: HtmlExpectation): string[] {
  const problems: string[] = [];
  for (const element of $('[href]').toArray()) {
    const href = $(element).attr('href') ?? '';
    if (href.startsWith('tel:')) {
      if (href !== `tel:${callable}`) problems.push(`22: ${href} is not the caller's number`);
      const shown = $(element).text();
      if (/\d/.test(shown) && withoutGrouping(shown) !== callable)
        problems.push(`22: a link to ${href} shows ${shown}`);
    } else if (!links.includes(href)) problems.push(`23: a link to ${href}`);
  }
  const callLinks = $('a[href^="tel:"]').length;
  if (callable !== undefined && callLinks === 0) problems.push('22: no link to call back');
  if ($(FORBIDDEN).length > 0) problems.push('23: something that loads or runs');
  if (/url\(|@import/i.test($('style').text())) problems.push('23: CSS that loads something');
  for (const element of $('*').toArray())
    for (const [name, value] of Object.entries($(element).attr() ?? {}))
      if (/^(on|src|background$)/i.test(name) || (name === 'style' && /url\(/i.test(value)))
        problems.push(`23: ${name} on <${$(element).prop('tagName')}>`);
  return problems;
}

/** Checks the HTML part; gives the problems, each with its number in the checklist. */
export function htmlProblems(html: string, expected: HtmlExpectation): string[] {
  const $ = load(html);
  const problems = [
    ...structureProblems($, expected),
    ...linkProblems($, expected),
    ...hiddenTextProblems($),
  ];
  const size = Buffer.byteLength(html);
  if (size > LARGEST_HTML) problems.push(`19: the HTML has ${size} bytes`);
  const visible = squeeze(withoutGrouping($('body').text()));
  for (const fact of expected.facts)
    if (!visible.includes(withoutGrouping(squeeze(fact))))
      problems.push(`17: the HTML does not state ${fact}`);
  for (const appearance of APPEARANCES) {
    const { ratio, text } = lowestContrast(html, appearance);
    if (ratio < LOWEST_CONTRAST)
      problems.push(`20: ${appearance}: a contrast of ${ratio.toFixed(2)} at ${text}`);
  }
  return problems;
}
