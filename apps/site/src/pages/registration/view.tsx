import type { Login } from '#access';
import { shownNumber } from '#mail';
import { Button, Facts, Form, maskedAddress, type PageContent, Way } from '#pages';

const HEADING = 'メールアドレスの本登録';

/** The link was opened: one press completes the registration. */
export function registrationPage(
  { number, address }: { readonly number: string; readonly address: string },
  token: string,
): PageContent {
  return {
    heading: HEADING,
    body: (
      <>
        <p>ワンタイムパスワードを、このメールアドレスでお受け取りになります。</p>
        <Facts
          rows={[
            ['電話番号', shownNumber(number)],
            ['メールアドレス', maskedAddress(address)],
          ]}
        />
        <Form action="/registration">
          <input type="hidden" name="token" value={token} />
          <Button>本登録を完了する</Button>
        </Form>
        <p>お心当たりのない場合は、ボタンを押さずに、この画面を閉じてください。</p>
      </>
    ),
  };
}

/** The link is used, lapsed or replaced. */
export function registrationGonePage(): PageContent {
  return {
    heading: HEADING,
    status: 404,
    body: (
      <>
        <p>このURLは、すでに使われたか、有効期限（24時間）が切れているため、ご利用いただけません。</p>
        <p>本登録がまだお済みでない場合は、ログインして、もう一度お手続きをお願いします。</p>
        <Way href="/login">ログイン画面へ戻る</Way>
      </>
    ),
  };
}

/** What comes next: in the browser that waits to log in its code, on another device nothing. */
export function registrationDonePage(login: Login | undefined): PageContent {
  return {
    heading: 'メールアドレスの本登録の完了',
    notice: 'メールアドレスの本登録が完了しました。',
    body:
      login?.subscriber && login.stage === 'code' ? (
        <>
          <p>続けて、ログインに必要なワンタイムパスワードをお送りします。</p>
          <Form action="/code/send">
            <Button>ワンタイムパスワードを送信</Button>
          </Form>
        </>
      ) : (
        <>
          <p>
            {login?.stage === undefined && login
              ? 'これからは、ワンタイムパスワードをこのメールアドレスにお送りします。'
              : 'ログインの途中だった場合は、その画面に戻り、「次へ」を押してください。'}
          </p>
          <Way href={login ? '/menu' : '/login'}>{login ? 'トップへ戻る' : 'ログイン画面へ戻る'}</Way>
        </>
      ),
  };
}
