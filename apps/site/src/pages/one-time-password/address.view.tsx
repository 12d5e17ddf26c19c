import type { VNode } from 'preact';
import type { Account, Login } from '#access';
import type { Brand } from '#mail';
import {
  Button,
  Facts,
  type FieldErrors,
  Form,
  type PageContent,
  PasswordField,
  TextField,
  Way,
} from '#pages';
import {
  CONFIRMATION_ID_SUPPORT,
  CONFIRMATION_PASSWORD_RULES,
  CONFIRMATION_PASSWORD_SUPPORT,
} from '../../ui/access-sentences.ts';
import { menuTrail } from '../../ui/menu-trail.ts';
import { Steps } from '../../ui/steps.tsx';

const REGISTER = 'ワンタイムパスワード利用情報仮登録';
const CHANGE = 'ワンタイムパスワード受信用メールアドレス変更';

/** What is shown in the form, as it was typed. */
interface Entered {
  /** Whether the confirmation id and password are asked too. */
  readonly withConfirmation: boolean;
  readonly address: string;
  readonly id: string;
  readonly errors?: FieldErrors;
}

/** The way back: to the menu, or where a login is not in yet, to what it could do instead. */
function trailOf(brand: Brand, { stage }: Login): PageContent['trail'] {
  if (stage === undefined) return menuTrail(brand);
  return stage === 'code'
    ? [{ href: '/code', text: 'ワンタイムパスワード' }]
    : [{ href: '/one-time-password', text: 'ワンタイムパスワード利用選択' }];
}

/** The form: an address, and at the first time the confirmation pair (A9). */
export function addressPage(
  brand: Brand,
  login: Login,
  { withConfirmation, address, id, errors }: Entered,
): PageContent {
  const current = login.account.oneTime.address;
  return {
    heading: withConfirmation ? REGISTER : CHANGE,
    trail: trailOf(brand, login),
    errors,
    body: (
      <>
        {!withConfirmation && current !== null && login.stage === undefined && (
          <Facts rows={[['現在のメールアドレス', current]]} />
        )}
        <p>
          入力したメールアドレスに、本登録のお手続きURLをお送りします。迷惑メール対策をしている場合は、
          {brand.mail.domain}
          からのメールを受信できるように設定してください。
        </p>
        <Form action="/one-time-password/address">
          <TextField
            name="address"
            label="ワンタイムパスワード受信用メールアドレス"
            value={address}
            error={errors?.['address']}
            keyboard="email"
            autocomplete="email"
            required
          />
          {withConfirmation && <ConfirmationFields id={id} errors={errors} />}
          <Button>次へ</Button>
        </Form>
      </>
    ),
  };
}

function ConfirmationFields({ id, errors }: { id: string; errors: FieldErrors | undefined }): VNode {
  return (
    <>
      <p>
        確認用IDと確認用パスワードは、登録したメールアドレスを使えなくなったときに必要です。忘れないように控えておいてください。
      </p>
      <TextField
        name="id"
        label="確認用ID"
        support={CONFIRMATION_ID_SUPPORT}
        value={id}
        error={errors?.['id']}
        autocomplete="section-confirmation username"
        required
      />
      <PasswordField
        name="password"
        label="確認用パスワード"
        support={CONFIRMATION_PASSWORD_SUPPORT}
        error={errors?.['password']}
        autocomplete="section-confirmation new-password"
        rules={CONFIRMATION_PASSWORD_RULES}
        required
      />
    </>
  );
}

/** What was entered, before the link is mailed. */
export function confirmPage(
  brand: Brand,
  login: Login,
  {
    address,
    confirmation,
  }: { readonly address: string; readonly confirmation: { readonly id: string } | null },
): PageContent {
  return {
    heading: '入力内容の確認',
    trail: trailOf(brand, login),
    body: (
      <>
        <p>入力した内容が正しいことを確認し、「登録」を押してください。</p>
        <Facts
          rows={[
            ['ワンタイムパスワード受信用メールアドレス', address],
            ...(confirmation
              ? ([
                  ['確認用ID', confirmation.id],
                  ['確認用パスワード', '＊＊＊＊＊＊＊＊'],
                ] as const)
              : []),
          ]}
        />
        <Form action="/one-time-password/confirm">
          <Button>登録</Button>
        </Form>
        <Way href="/one-time-password/address">入力し直す</Way>
      </>
    ),
  };
}

const TOO_EARLY =
  'まだ本登録が完了していません。メールのURLを開き、「本登録を完了する」を押してから、次へお進みください。';

/** The link is on its way: what to do now. */
export function sentPage(
  brand: Brand,
  login: Login,
  { address }: NonNullable<Account['oneTime']['registration']>,
  isTooEarly: boolean,
): PageContent {
  const waits = login.stage !== undefined;
  return {
    heading: '仮登録の完了',
    trail: trailOf(brand, login),
    notice: isTooEarly ? TOO_EARLY : undefined,
    body: (
      <>
        <p class="lead">
          <strong class="address">{address}</strong>
          に、本登録のお手続きURLをお送りしました。
        </p>
        <Steps
          steps={[
            'メールに書かれた「メールアドレスの本登録お手続きURL」を開きます。',
            '開いた画面で「本登録を完了する」を押します。別の端末で開いてもかまいません。',
            ...(waits ? ['この画面に戻り、「次へ」を押します。'] : []),
          ]}
        />
        <p>URLの有効期限は24時間です。有効期限を過ぎた場合は、もう一度お手続きをお願いします。</p>
        {waits && (
          <form action="/one-time-password/sent">
            <Button name="next" value="yes">
              次へ
            </Button>
          </form>
        )}
        <MissingMail />
      </>
    ),
  };
}

function MissingMail(): VNode {
  return (
    <section class="help">
      <h2>メールが届かないとき</h2>
      <p>迷惑メールのフォルダーと、メールアドレスに誤りがないかをご確認ください。</p>
      <Way href="/one-time-password/address">入力し直す</Way>
    </section>
  );
}
