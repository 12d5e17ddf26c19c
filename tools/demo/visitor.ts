import { load, type CheerioAPI } from 'cheerio';

/** A page as its visitor finds it. */
export interface VisitedPage {
  readonly status: number;
  readonly path: string;
  readonly heading: string;
  /** All of its text, without runs of spaces. */
  readonly text: string;
}

/** Somebody who visits the subscribers' site without a script: opens pages, follows links, presses buttons. */
export interface Visitor {
  open(path: string): Promise<VisitedPage>;
  /** Follows the link of that name. */
  follow(name: string): Promise<VisitedPage>;
  /** Fills in fields by their labels (a radio or box by its own: `true`), and presses the button of that name. */
  press(button: string, fields?: Readonly<Record<string, string | true>>): Promise<VisitedPage>;
}

const MOST_REDIRECTS = 5;

/** Creates a visitor with no cookies yet. Every method throws when what it names is not on the page. */
export function createVisitor(site: string): Visitor {
  const browse = createBrowser(site);
  let $: CheerioAPI = load('');
  let here = new URL(site);
  const missing = (what: string): Error => new Error(`${here.pathname} (${$('h1').text()}) has no ${what}`);
  const go = async (url: URL, form?: URLSearchParams): Promise<VisitedPage> => {
    const answer = await browse(url, form);
    $ = load(answer.html);
    here = answer.url;
    const text = $('body').text().replaceAll(/\s+/g, ' ').trim();
    return { status: answer.status, path: here.pathname + here.search, heading: $('h1').text(), text };
  };
  return {
    open: (path) => go(new URL(path, site)),
    follow(name) {
      const href = $('a')
        .filter((_, link) => $(link).text() === name)
        .attr('href');
      if (href === undefined) throw missing(`link ${name}`);
      return go(new URL(href, here));
    },
    press(button, fields = {}) {
      const pressed = $('button').filter((_, one) => $(one).text() === button);
      const form = pressed.first().closest('form');
      if (form.length === 0) throw missing(`button ${button}`);
      for (const [label, value] of Object.entries(fields))
        if (!fillIn($, form, { label, value })) throw missing(`field ${label}`);
      const entries = form.serializeArray().map(({ name, value }) => [name, value]);
      const name = pressed.attr('name');
      if (name !== undefined) entries.push([name, pressed.attr('value') ?? '']);
      const url = new URL(form.attr('action') ?? here, here);
      const values = new URLSearchParams(entries);
      if (form.attr('method') === 'post') return go(url, values);
      url.search = values.toString();
      return go(url);
    },
  };
}

/** Fills in the field of that label, or chooses it; false when the form has none. */
function fillIn(
  $: CheerioAPI,
  form: ReturnType<CheerioAPI>,
  { label, value }: { readonly label: string; readonly value: string | true },
): boolean {
  const id = form
    .find('label')
    .filter((_, one) => $(one).text() === label)
    .attr('for');
  const input = form.find(`[id="${id ?? ''}"]`);
  if (id === undefined || input.length === 0) return false;
  if (value !== true) input.val(value);
  else {
    if (input.is('[type=radio]')) form.find(`[name="${input.attr('name') ?? ''}"]`).prop('checked', false);
    input.prop('checked', true);
  }
  return true;
}

/** What a browser does between two pages: keeps cookies, says where a form comes from, follows redirects. */
function createBrowser(
  site: string,
): (url: URL, form?: URLSearchParams) => Promise<{ status: number; url: URL; html: string }> {
  const cookies = new Map<string, string>();
  return async (first, form) => {
    let [url, body] = [first, form];
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const answer = await fetch(url, {
        redirect: 'manual',
        headers: {
          cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '),
          'sec-fetch-site': 'same-origin',
        },
        ...(body && { method: 'POST', body }),
      });
      for (const cookie of answer.headers.getSetCookie()) keep(cookies, cookie);
      const location = answer.headers.get('location');
      const html = await answer.text();
      if (location === null) return { status: answer.status, url, html };
      [url, body] = [new URL(location, url), undefined];
    }
    throw new Error(`${first.pathname} of ${site} leads in a circle`);
  };
}

function keep(cookies: Map<string, string>, cookie: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  if (/max-age=0/i.test(cookie)) cookies.delete(name);
  else cookies.set(name, value);
}
