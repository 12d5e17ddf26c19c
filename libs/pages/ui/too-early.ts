import type { PageContent } from './page-content.ts';

/** A page whose form came too early to be looked at (A3, A8): 429, and in how many seconds to send it again. */
export function tooEarly(page: PageContent, seconds: number): PageContent {
  return { ...page, status: 429, headers: { 'retry-after': String(seconds) } };
}
