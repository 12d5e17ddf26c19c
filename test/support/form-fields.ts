import { load } from 'cheerio';
import type { SiteAnswer, SiteBrowser } from './site-browser.ts';

/** What the form of a page sends when its button is pressed now, by the fields' names. */
export function formFields(html: string): Record<string, string> {
  const $ = load(html);
  const fields: Record<string, string> = {};
  for (const element of $('main form[method=post] input').toArray()) {
    const { name = '', type, value = '' } = element.attribs;
    const isChoice = type === 'checkbox' || type === 'radio';
    if (!isChoice || element.attribs['checked'] !== undefined) fields[name] = value;
  }
  for (const element of $('main form[method=post] select').toArray())
    fields[element.attribs['name'] ?? ''] = $(element).find('option[selected]').attr('value') ?? '';
  return fields;
}

/** Opens a page and sends its form with these fields in place of what they are. */
export async function sendForm(
  browser: SiteBrowser,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<SiteAnswer> {
  return browser.post(path, { ...formFields((await browser.get(path)).text), ...fields });
}
