/**
 * The versions an `If-Match` header allows, `['*']` for any, or `undefined` without the header. Weak tags never match
 * (RFC 9110 §13.1.1), and neither does what is no entity tag: a write on an unclear condition must not happen.
 */
export function parseIfMatch(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return ['*'];
  const tags = header.matchAll(/(?<=^|,)[\t ]*"([\x21\x23-\x7e\x80-\xff]*)"[\t ]*(?=,|$)/g);
  // A tag of that name is no wildcard.
  return Array.from(tags, ([, version = '']) => version).filter((version) => version !== '*');
}

/** A version as the `ETag` header carries it. */
export const etag = (version: string): string => `"${version}"`;
