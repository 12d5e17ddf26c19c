import { readVoicePage, type KeysField, type VoicePage } from './voice-page.ts';

/** A telephone: what it shows, and where keys come from. */
export interface Telephone {
  print(line: string): void;
  /** The keys that are pressed at one question, `''` for none; undefined hangs up. */
  readKeys(): Promise<string | undefined>;
  /** Aborted when the caller gives up. */
  readonly signal: AbortSignal;
}

export interface DialOptions {
  /** Who calls; empty when withheld. */
  readonly from: string;
  /** Where the voice app is. */
  readonly voice: string;
  readonly token: string | undefined;
}

const START = '/temporary-password';
/** As long as a media server would wait. */
const ANSWER_MS = 10_000;

/**
 * Calls the access number (A2): prints what is said and presses keys, as a telephone behind a media server, until the
 * dialogue disconnects. Rejects when nobody answers with VoiceXML, and when the caller hangs up before the end.
 */
export async function dial(options: DialOptions, phone: Telephone): Promise<void> {
  const start = new URL(START, options.voice);
  start.searchParams.set('caller', options.from);
  let url = start;
  let page = await getPage(url, { options, phone });
  for (;;) {
    phone.print(page.say);
    if (page.field === undefined) return;
    const keys = await phone.readKeys();
    if (keys === undefined) throw new Error('hung up before the end of the dialogue');
    const { next, form } = submission(page.field, keys);
    url = new URL(next, url);
    page = await getPage(url, { options, phone, form });
  }
}

/** What a VoiceXML browser submits after these keys, and where. */
function submission(field: KeysField, pressed: string): { next: string; form: URLSearchParams } {
  const [keys = ''] = field.termchar === '' ? [pressed] : pressed.split(field.termchar, 1);
  const event = pressed === '' ? 'noinput' : matches(field.type, keys) ? 'filled' : 'nomatch';
  const { assigned, next, namelist } = field.handlers[event];
  const values: Record<string, string> = {
    ...field.variables,
    ...(event === 'filled' ? { [field.name]: keys } : {}),
    ...assigned,
  };
  const submitted = namelist.map((name) => [name, values[name] ?? 'undefined'] as const);
  return { next, form: new URLSearchParams(Object.fromEntries(submitted)) };
}

/** Whether keys match a builtin grammar `digits?length=…`, `digits?minlength=…;maxlength=…` (VoiceXML, appendix P). */
function matches(type: string, keys: string): boolean {
  const [grammar, parameters = ''] = type.split('?');
  const of = new URLSearchParams(parameters.replaceAll(';', '&'));
  const least = Number(of.get('length') ?? of.get('minlength') ?? 1);
  const most = Number(of.get('length') ?? of.get('maxlength') ?? Infinity);
  return grammar === 'digits' && /^[0-9]+$/.test(keys) && keys.length >= least && keys.length <= most;
}

interface Line {
  readonly options: DialOptions;
  readonly phone: Telephone;
  readonly form?: URLSearchParams;
}

async function getPage(url: URL, { options: { token }, phone, form }: Line): Promise<VoicePage> {
  const answer = await fetch(url, {
    ...(form ? { method: 'POST', body: form } : {}),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.any([phone.signal, AbortSignal.timeout(ANSWER_MS)]),
  }).catch((cause: Error & { readonly cause?: Error }) => {
    const why = cause.cause?.message ?? cause.message;
    const help = 'start npm run voice, or name its address by --voice';
    throw new Error(`nobody answers at ${url.origin} (${why}): ${help}`, { cause });
  });
  const text = await answer.text();
  if (answer.status === 401)
    throw new Error(`${url.origin} does not know the token: give one of its VOICE_TOKENS by --token`);
  const page = answer.ok ? readVoicePage(text) : undefined;
  if (page !== undefined) return page;
  const type = answer.headers.get('content-type') ?? 'nothing';
  throw new Error(`${url.origin}${url.pathname} answered ${answer.status} with ${type}, expected VoiceXML`);
}
