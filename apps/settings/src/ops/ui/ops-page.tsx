import type { VNode } from 'preact';
import type { Operator } from '#access';
import { Button, Form, renderDocument, TimeOutDialog, type Assets, type PageContent } from '#pages';
import { OPS_MENU } from '../ops-menu.ts';

const SITE_NAME = '運用ページ';

/** What surrounds the content of every operator's page. */
export interface OpsShell {
  readonly assets: Assets;
  readonly operator?: Operator | undefined;
}

/** An operator's page as a whole HTML document. */
export function opsPage(content: PageContent, { assets, operator }: OpsShell): string {
  return renderDocument({
    content,
    siteName: SITE_NAME,
    assets,
    header: (
      <>
        <header class="site-header">
          <div class="site-names">
            <a class="site-name" href="/ops">
              {SITE_NAME}
            </a>
            <span class="operator">denwa-notify</span>
          </div>
        </header>
        {operator && <OperatorBar operator={operator} />}
      </>
    ),
    footer: operator && <TimeOutDialog action="/ops/session" secondsLeft={operator.secondsLeft} />,
  });
}

/** Always in view: who is in, the way out, and the way to the other pages. */
function OperatorBar({ operator }: { operator: Operator }): VNode {
  return (
    <>
      <section class="login-bar" aria-label="ログイン中">
        <p class="login-number">
          操作する人<strong>{operator.name}</strong>
        </p>
        <Form action="/ops/logout">
          <Button kind="quiet">ログアウト</Button>
        </Form>
        <p class="login-note">30分間操作がないとログアウトします。</p>
      </section>
      <nav class="ops-menu" aria-label="運用ページのメニュー">
        <ul>
          {OPS_MENU.map(({ href, text }) => (
            <li key={href}>
              <a href={href}>{text}</a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}
