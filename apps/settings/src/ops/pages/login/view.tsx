import { Button, Form, NextField, PasswordField, type FieldErrors, type PageContent } from '#pages';

/** The page to log in by a token. */
export function operatorLoginPage({ next, errors }: { next: string; errors?: FieldErrors }): PageContent {
  return {
    heading: 'ログイン',
    errors,
    body: (
      <Form action="/ops/login">
        <PasswordField
          name="token"
          label="トークン"
          support="環境変数SETTINGS_API_TOKENSの「名前:トークン」のうち、トークンだけを入力してください。"
          error={errors?.['token']}
          autocomplete="current-password"
          required
        />
        <NextField next={next} />
        <Button>ログイン</Button>
      </Form>
    ),
  };
}

const REASONS = {
  idle: '一定時間操作がなかったか、ログアウトしたため、もう一度ログインしてください。',
  'too-long': 'ログインしてから12時間が過ぎました。もう一度ログインしてください。',
  'token-gone': 'ログインに使ったトークンが、SETTINGS_API_TOKENSからなくなりました。',
  'log-out': 'ログアウトしました。',
} as const;

/** What the page says of a reason for logging in; nothing for none, or what is none. */
export function noticeOf(why: string | null): Pick<PageContent, 'notice' | 'noticeKind'> {
  if (why === null || !Object.hasOwn(REASONS, why)) return {};
  const reason = why as keyof typeof REASONS;
  return { notice: REASONS[reason], noticeKind: reason === 'token-gone' ? 'warning' : 'done' };
}
