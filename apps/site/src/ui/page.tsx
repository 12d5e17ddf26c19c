import { render } from 'preact-render-to-string';
import { Layout, type Shell } from './layout.tsx';
import type { PageContent } from './page-content.ts';

/** A page as a whole HTML document. */
export function page(content: PageContent, shell: Shell): string {
  return `<!DOCTYPE html>${render(<Layout content={content} shell={shell} />)}`;
}
