/** A path of this site alone: `//host` and `/\\host` are another's. */
const isPath = (path: string): boolean => /^\/(?![/\\])[\w/.-]*$/.test(path);

/** Where a login leads back to, as a page's address or form says it; empty for none, and for what is no path of ours. */
export function nextPath(values: { readonly get: (name: string) => string | null }): string {
  const next = values.get('next') ?? '';
  return isPath(next) ? next : '';
}

/** The parameter that carries it to the next page; empty for none. */
export function withNext(path: string, next: string): string {
  return next === '' ? path : `${path}?next=${encodeURIComponent(next)}`;
}
