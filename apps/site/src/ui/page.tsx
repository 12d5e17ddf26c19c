import type { VNode } from 'preact';
import { shownNumber, type Brand } from '#mail';
import { Button, Form, renderDocument, TimeOutDialog, type Assets, type PageContent } from '#pages';
import { OperatorLinks } from './operator-links.tsx';

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

/** A page as a whole HTML document. */
export function page(content: PageContent, { brand, assets, login, help = '/help' }: Shell): string {
  return renderDocument({
    content,
    siteName: brand.site.name,
    assets,
    header: (
      <>
        <Header brand={brand} home={login?.home ?? '/'} help={help} />
        {login && <LoginBar login={login} number={content.number} />}
      </>
    ),
    footer: (
      <>
        <footer class="site-footer">
          <p>{`${brand.phoneService}　${brand.operator}`}</p>
          {brand.links.length > 0 && <OperatorLinks links={brand.links} />}
        </footer>
        {login && <TimeOutDialog action="/session" secondsLeft={login.secondsLeft} />}
      </>
    ),
  });
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
