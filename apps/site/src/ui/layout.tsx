import type { VNode } from 'preact';
import { shownNumber, type Brand } from '#mail';
import type { Assets } from './assets.ts';
import { Button } from './button.tsx';
import { ErrorSummary } from './error-summary.tsx';
import { Form } from './form.tsx';
import { Notice } from './notice.tsx';
import { OperatorLinks } from './operator-links.tsx';
import type { Link, PageContent } from './page-content.ts';
import { Phrases } from './phrases.tsx';
import { TimeOutDialog } from './time-out-dialog.tsx';

/** Who is logged in, as every page shows it. */
export interface ShownLogin {
  /** National digits; a self-care login has none. */
  readonly number?: string;
  /** Its menu. */
  readonly home: string;
  /** How long until the session ends by itself when nothing is done, in seconds (A12). */
  readonly secondsLeft: number;
}

/** What surrounds the content of every page. */
export interface Shell {
  readonly brand: Brand;
  readonly assets: Assets;
  readonly login?: ShownLogin;
  /** Where ヘルプ leads from this page; to the index when it is not said. */
  readonly help?: string;
}

/** The document around a page's content. */
export function Layout({ content, shell }: { content: PageContent; shell: Shell }): VNode {
  const { brand, assets, login, help = '/help' } = shell;
  const { heading, errors } = content;
  const name = brand.site.name;
  const title = heading === name ? name : `${heading}｜${name}`;
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
        <Header brand={brand} home={login?.home ?? '/'} help={help} />
        {login && <LoginBar login={login} number={content.number} />}
        <Trail links={content.trail ?? []} here={heading} />
        <Main content={content} siteName={name} />
        <footer class="site-footer">
          <p>{`${brand.phoneService}　${brand.operator}`}</p>
          {brand.links.length > 0 && <OperatorLinks links={brand.links} />}
        </footer>
        {login && <TimeOutDialog secondsLeft={login.secondsLeft} />}
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

function Header({ brand, home, help }: { brand: Brand; home: string; help: string }): VNode {
  return (
    <header class="site-header">
      <div class="site-names">
        <a class="site-name" href={home}>
          {brand.site.name}
        </a>
        <span class="operator">{brand.operator}</span>
      </div>
      <a class="help-link" href={help}>
        ヘルプ
      </a>
    </header>
  );
}

/** Always in view: whose settings these are, and the way out. */
function LoginBar({ login, number }: { login: ShownLogin; number: string | undefined }): VNode {
  return (
    <section class="login-bar" aria-label="ログイン中">
      <p class="login-number">
        {login.number === undefined ? (
          'ログイン中'
        ) : (
          <>
            {number === undefined ? 'ログイン中の電話番号' : '設定中の電話番号'}
            <strong>{shownNumber(number ?? login.number)}</strong>
          </>
        )}
      </p>
      <Form action="/logout">
        <Button kind="quiet">ログアウト</Button>
      </Form>
      <p class="login-note">30分間操作がないとログアウトします。</p>
    </section>
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
