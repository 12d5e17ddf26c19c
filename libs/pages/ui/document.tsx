import type { ComponentChildren, VNode } from 'preact';
import { render } from 'preact-render-to-string';
import type { Assets } from '../http/assets.ts';
import { ErrorSummary } from './error-summary.tsx';
import { Notice } from './notice.tsx';
import type { Link, PageContent } from './page-content.ts';
import { Phrases } from './phrases.tsx';

/** What stands around a page's content. */
export interface DocumentProps {
  readonly content: PageContent;
  /** Whose pages these are; the title ends with it. */
  readonly siteName: string;
  readonly assets: Assets;
  /** Above the content: the header, and who is logged in. */
  readonly header: ComponentChildren;
  /** Below it. */
  readonly footer: ComponentChildren;
}

/** A page as a whole HTML document. */
export function renderDocument(props: DocumentProps): string {
  return `<!DOCTYPE html>${render(<Document {...props} />)}`;
}

function Document({ content, siteName, assets, header, footer }: DocumentProps): VNode {
  const { heading, errors } = content;
  const title = heading === siteName ? siteName : `${heading}｜${siteName}`;
  return (
    <html lang="ja">
      <head>
        <meta charset="utf-8" />
        <title>{errors ? `エラー: ${title}` : title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {/* iPhones would turn every number of a page into a link. */}
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" type="image/svg+xml" href={assets.icon} />
        <link rel="stylesheet" href={assets.style} />
        <script type="module" src={assets.script}></script>
      </head>
      <body>
        <a class="skip" href="#content">
          本文へ移動
        </a>
        {header}
        <Trail links={content.trail ?? []} here={heading} />
        <Main content={content} siteName={siteName} />
        {footer}
      </body>
    </html>
  );
}

/** The heading, what is wrong, what was done, and the page's own. */
function Main({ content, siteName }: { content: PageContent; siteName: string }): VNode {
  const { heading, errors, notice, noticeKind = 'done', noticeFacts, body } = content;
  return (
    <main id="content" tabIndex={-1}>
      <h1>
        <Phrases text={heading} siteName={siteName} />
      </h1>
      {errors && <ErrorSummary errors={errors} />}
      {notice && (
        <Notice kind={noticeKind} facts={noticeFacts}>
          {notice}
        </Notice>
      )}
      {body}
    </main>
  );
}

function Trail({ links, here }: { links: readonly Link[]; here: string }): VNode | null {
  if (links.length === 0) return null;
  return (
    <nav class="trail" aria-label="現在の位置">
      <ol>
        {links.map(({ href, text }) => (
          <li key={href}>
            <a href={href}>{text}</a>
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}
