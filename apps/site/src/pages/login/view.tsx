import type { VNode } from 'preact';
import type { EndReason } from '#access';
import type { Brand } from '#mail';
import {
  Button,
  type FieldErrors,
  Form,
  NextField,
  type PageContent,
  PasswordField,
  TextField,
} from '#pages';
import { TemporaryPasswordHelp } from '../../ui/temporary-password-help.tsx';

/** What the login's form shows again after a try that failed. */
interface LoginTry {
  /** As it was typed. */
  readonly number: string;
  /** The path that was asked for before, to go there afterwards; empty for none. */
  readonly next?: string;
  readonly errors?: FieldErrors;
}

/** A1: the page to log in. */
export function loginPage({ brand, ...attempt }: LoginTry & { readonly brand: Brand }): PageContent {
  return {
    heading: 'ログイン',
    trail: [{ href: '/', text: brand.site.name }],
    errors: attempt.errors,
    body: (
      <>
        <LoginForm {...attempt} />
        <section class="help">
          <h2>はじめての方・パスワードをお忘れの方</h2>
          <TemporaryPasswordHelp brand={brand} />
        </section>
      </>
    ),
  };
}

function LoginForm({ number, next, errors }: LoginTry): VNode {
  return (
    <Form action="/login">
      <TextField
        name="number"
        label="電話番号"
        support="市外局番から入力してください。認証単位が「回線単位」のお客さまは、ご契約電話番号を入力してください。"
        value={number}
        error={errors?.number}
        keyboard="tel"
        autocomplete="username"
        required
      />
      <PasswordField
        name="password"
        label="パスワード"
        support="はじめてログインするときは、仮パスワードを入力してください。"
        error={errors?.password}
        autocomplete="current-password"
        required
      />
      <NextField next={next ?? ''} />
      <Button>ログイン</Button>
    </Form>
  );
}

/** Why somebody is asked to log in (A12). */
const REASONS: Readonly<Record<EndReason | 'idle' | 'codes-wrong', string>> = {
  idle: '一定時間操作がなかったため、ログアウトしました。続けるには、もう一度ログインしてください。',
  'too-long':
    'ログインしてから12時間が過ぎたため、ログアウトしました。続けるには、もう一度ログインしてください。',
  'other-login':
    '同じ電話番号で新しくログインがあったため、ログアウトしました。お心当たりのない場合は、ログインしてパスワードを変更してください。',
  'log-out': 'ログアウトしました。',
  'password-changed':
    'パスワードが変更されたため、ログアウトしました。新しいパスワードでログインしてください。',
  'unit-changed': '認証単位が変更されたため、ログアウトしました。もう一度ログインしてください。',
  operator: 'お客さまからのお申し出などにより、ログアウトしました。もう一度ログインしてください。',
  'codes-wrong': 'ワンタイムパスワードを5回続けて間違えたため、最初からやり直してください。',
};

type Reason = keyof typeof REASONS;

/** These may be the doing of somebody else. */
const WARNINGS: readonly Reason[] = ['other-login', 'password-changed', 'codes-wrong'];

/** What a page says of a reason; nothing for none, or what is none. */
export function noticeOf(reason: string | null): Pick<PageContent, 'notice' | 'noticeKind'> {
  if (reason === null || !Object.hasOwn(REASONS, reason)) return {};
  const known = reason as Reason;
  return { notice: REASONS[known], noticeKind: WARNINGS.includes(known) ? 'warning' : 'done' };
}
