import type { Brand } from '#mail';
import { Button, type FieldErrors, Form, LinkList, type PageContent, PasswordField, TextField } from '#pages';
import { noticeOf } from '../login/view.tsx';

/** What the form shows again. */
interface SelfCareTry {
  readonly id: string;
  readonly errors?: FieldErrors;
}

/** The login's form (A14). */
export function selfCarePage({ id, errors }: SelfCareTry): PageContent {
  return {
    heading: 'セルフケアログイン',
    errors,
    body: (
      <>
        <p>
          お手元に「サービス開始のご案内」をご用意いただき、「セルフケアID」「セルフケアパスワード」を入力してください。ご本人様確認のため、ログイン後、ご登録のメールアドレスに認証コードをお送りします。
        </p>
        <Form action="/self-care">
          <TextField
            name="id"
            label="セルフケアID"
            value={id}
            error={errors?.['id']}
            autocomplete="username"
            required
          />
          <PasswordField
            name="password"
            label="セルフケアパスワード"
            error={errors?.['password']}
            autocomplete="current-password"
            required
          />
          <Button>ログイン</Button>
        </Form>
        <p class="support">IDやパスワードを、ほかの人に知られないように管理してください。</p>
      </>
    ),
  };
}

/** The menu of a self-care login. */
export function selfCareMenuPage(brand: Brand): PageContent {
  return {
    heading: `${brand.site.name}メニュー`,
    body: (
      <>
        <section>
          <h2>各種サービス設定・変更</h2>
          <LinkList links={[{ href: '/self-care/ip-phone-password', text: 'IP加入電話パスワード変更' }]} />
        </section>
      </>
    ),
  };
}

/** Why somebody is asked to log in, where that is told in other words than to a number's login. */
const REASONS: Readonly<Record<string, string>> = {
  'other-login':
    '同じセルフケアIDで新しくログインがあったため、ログアウトしました。お心当たりのない場合は、お問い合わせください。',
  'codes-wrong': '認証コードを5回続けて間違えたため、最初からやり直してください。',
};

/** What a page says of a reason to log in again; nothing for none, or what is none. */
export function selfCareNoticeOf(reason: string | null): Pick<PageContent, 'notice' | 'noticeKind'> {
  const own = reason !== null && Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  return own === undefined ? noticeOf(reason) : { notice: own, noticeKind: 'warning' };
}
