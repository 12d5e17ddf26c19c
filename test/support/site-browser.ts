import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

/** What the site answered, byte for byte. */
export interface SiteAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request as it is written: nothing of it is normalised on the way. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Sends a request to the site and reads its answer. It follows nothing. */
export function askSite(site: string, { method, path, headers = {}, body }: RawRequest): Promise<SiteAnswer> {
  const { hostname, port } = new URL(site);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What a form carries: fields, or bytes as they are. */
export type FormContent = Readonly<Record<string, string>> | string | Buffer;

/** A browser that keeps the site's cookies, shows each answer as it is, and can be told what to send. */
export interface SiteBrowser {
  /** By their whole names. */
  readonly cookies: Map<string, string>;
  get(path: string, headers?: OutgoingHttpHeaders): Promise<SiteAnswer>;
  /** Sends a form as a page of the site does. */
  post(path: string, form?: FormContent, headers?: OutgoingHttpHeaders): Promise<SiteAnswer>;
  /** Another browser with the same cookies: that of who has stolen them. */
  copied(): SiteBrowser;
}

/** Opens a browser for a site. `always` are headers of each request. */
export function openSiteBrowser(
  site: string,
  always: OutgoingHttpHeaders = {},
  cookies: ReadonlyMap<string, string> = new Map(),
): SiteBrowser {
  const jar = new Map(cookies);
  const ask = async (asked: RawRequest): Promise<SiteAnswer> => {
    const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie !== '' && { cookie }), ...always, ...asked.headers };
    const answer = await askSite(site, { ...asked, headers });
    for (const set of answer.headers['set-cookie'] ?? []) keep(jar, set);
    return answer;
  };
  return {
    cookies: jar,
    get: (path, headers = {}) => ask({ method: 'GET', path, headers }),
    post: (path, form = {}, headers = {}) => ask(posted(path, form, headers)),
    copied: () => openSiteBrowser(site, always, jar),
  };
}

/** A form as a browser posts it from a page of the site; a header that is undefined is left out. */
function posted(path: string, form: FormContent, headers: OutgoingHttpHeaders): RawRequest {
  const isBytes = typeof form === 'string' || Buffer.isBuffer(form);
  const body = isBytes ? form : new URLSearchParams(form).toString();
  const usual = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    'sec-fetch-site': 'same-origin',
  };
  const given = Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== undefined);
  return { method: 'POST', path, body, headers: Object.fromEntries(given) };
}

function keep(jar: Map<string, string>, set: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
  if (/max-age=0/i.test(set)) jar.delete(name);
  else jar.set(name, value);
}
