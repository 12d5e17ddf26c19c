import type { Subscriber } from '#access';
import type { Brand } from '#mail';
import { LinkList, type PageContent } from '#pages';
import { serviceLinks } from '../services/view.tsx';

/** What the menu depends on. */
interface Menu {
  readonly brand: Brand;
  readonly subscriber: Subscriber;
  /** Until the password expires, where that is announced already (A5). */
  readonly daysLeft: number | undefined;
  readonly mayChangeUnit: boolean;
  readonly usesOneTime: boolean;
  readonly hasConfirmation: boolean;
}

/** The brand's top page (A13): the services contracted, then everything about the login. */
export function menuPage({ brand, subscriber, daysLeft, ...menu }: Menu): PageContent {
  return {
    heading: `${brand.site.name}トップ`,
    body: (
      <>
        {daysLeft !== undefined && (
          <p class="warning">
            パスワードの有効期限まで、あと{daysLeft}日です。<a href="/password">今すぐ変更できます。</a>
          </p>
        )}
        <section>
          <h2>サービスの設定</h2>
          <LinkList
            links={[
              ...serviceLinks(brand, subscriber),
              { href: '/services', text: 'サービス選択', description: '設定するサービスを選びます。' },
              { href: '/history', text: 'お知らせ履歴', description: 'お知らせの記録を確認します。' },
            ]}
          />
        </section>
        <section>
          <h2>ログインの設定</h2>
          <LinkList links={loginLinks(menu)} />
        </section>
      </>
    ),
  };
}

function loginLinks({
  mayChangeUnit,
  usesOneTime,
  hasConfirmation,
}: Pick<Menu, 'mayChangeUnit' | 'usesOneTime' | 'hasConfirmation'>): {
  readonly href: string;
  readonly text: string;
}[] {
  return [
    { href: '/password', text: 'パスワード変更' },
    ...(mayChangeUnit ? [{ href: '/unit', text: '認証単位変更' }] : []),
    { href: '/one-time-password', text: 'ワンタイムパスワード利用選択変更' },
    ...(usesOneTime
      ? [{ href: '/one-time-password/address', text: 'ワンタイムパスワード受信用メールアドレス変更' }]
      : []),
    ...(hasConfirmation
      ? [
          { href: '/confirmation-id', text: '確認用ID変更' },
          { href: '/confirmation-password', text: '確認用パスワード変更' },
        ]
      : []),
    { href: '/one-time-password/csv', text: 'ワンタイムパスワード各種一括設定' },
  ];
}
