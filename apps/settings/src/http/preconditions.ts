import type { IncomingHttpHeaders } from 'node:http';
import type { Precondition } from '#settings';

/** A list of entity tags (RFC 9110 §8.8.3): each is weak or not, and its version. Any other element is no tag. */
const TAG = /(?<=^|,)[\t ]*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[\t ]*(?=,|$)/g;
const TAGS = /^[\t ,]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[\t ]*(?:,[\t ,]*|$))+$/;

/** The condition of a write. An unclear condition is never met: such a write must not happen. */
export function preconditionOf(headers: IncomingHttpHeaders): Precondition {
  const ifMatch = parseIfMatch(headers['if-match']);
  const ifNoneMatch = parseIfNoneMatch(headers['if-none-match']);
  return { ...(ifMatch && { ifMatch }), ...(ifNoneMatch && { ifNoneMatch }) };
}

/**
 * The versions an `If-Match` header allows, `['*']` for any, or `undefined` without the header. Weak tags never match
 * (RFC 9110 §13.1.1), and neither does what is no entity tag.
 */
export function parseIfMatch(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return ['*'];
  return tagsIn(header).flatMap(({ weak, version }) => (weak ? [] : [version]));
}

/**
 * The versions an `If-None-Match` header refuses, `['*']` for any, or `undefined` without the header. Weak tags count
 * as strong ones (RFC 9110 §13.1.2); a header with anything else in it refuses any.
 */
export function parseIfNoneMatch(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return undefined;
  return TAGS.test(header) ? tagsIn(header).map(({ version }) => version) : ['*'];
}

function tagsIn(header: string): { readonly weak: boolean; readonly version: string }[] {
  const tags = Array.from(header.matchAll(TAG), ([, weak, version = '']) => ({
    weak: weak !== undefined,
    version,
  }));
  // A tag of that name is no wildcard.
  return tags.filter(({ version }) => version !== '*');
}

/** A version as the `ETag` header carries it. */
export const etag = (version: string): string => `"${version}"`;
