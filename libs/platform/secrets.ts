import { variables, type Environment } from './environment-schema.ts';

/** Shorter texts are no secrets, and masking them would hide ordinary words of a log. */
const SHORTEST = 6;

/** Parts of a variable's value that are secret; the others (host, name, id) are not. */
const SECRET_PARTS = ['auth', 'password', 'token', 'key'];

/** The secrets that an environment holds, as texts: passwords, also those in URLs, tokens, and keys in base64. */
export function secretsIn(environment: Partial<Environment>): string[] {
  return variables
    .filter(({ secret }) => secret)
    .flatMap(({ name }) => textsOf(environment[name]))
    .filter(({ length }) => length >= SHORTEST);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('://') ? passwordsOf(value) : [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('base64')];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => (SECRET_PARTS.includes(name) ? textsOf(part) : []));
}

/** The passwords in a URL: the user's, and the sentinels' in `redis+sentinel:`. */
function passwordsOf(url: string): string[] {
  const [, password = ''] = /^[a-z0-9+.-]+:\/\/[^:/@]*:([^/]*)@/i.exec(url) ?? [];
  const parameters = new URLSearchParams(/\?(.*)$/.exec(url)?.[1]);
  return [decoded(password), parameters.get('sentinelPassword') ?? ''].filter((one) => one !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
