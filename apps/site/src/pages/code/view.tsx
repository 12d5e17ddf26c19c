import type { VNode } from 'preact';
import type { Login } from '#access';
import { codeAddress } from '#access';
import type { Brand } from '#mail';
import {
  Button,
  type FieldErrors,
  Form,
  maskedAddress,
  NextField,
  type PageContent,
  PasswordField,
  TextField,
  Way,
} from '#pages';

/** A login's code: its name on the page, and the paths of its page, of where it leads, and of the login before it. */
export interface CodeWords {
  readonly name: string;
  readonly heading: string;
  readonly path: string;
  readonly home: string;
  readonly out: string;
}

/** The code of a number's login (A8). */
export const ONE_TIME_PASSWORD: CodeWords = {
  name: 'ワンタイムパスワード',
  heading: 'ワンタイムパスワード',
  path: '/code',
  home: '/menu',
  out: '/login',
};

/** The code of a self-care login (A14). */
export const TWO_STEP_CODE: CodeWords = {
  name: '認証コード',
  heading: '認証コードの入力',
  path: '/self-care/code',
  home: '/self-care/menu',
  out: '/self-care',
};

/** A login that waits for its code, and the path that it leads back to; empty for none. */
interface Waiting {
  readonly words: CodeWords;
  readonly login: Login;
  readonly next: string;
}

/** The page of a login that waits for its code: to have it mailed, and to enter it. */
export function codePage(waiting: Waiting, now: number, errors?: FieldErrors): PageContent {
  const { words, login } = waiting;
  const { account, access } = login;
  const sent = account.pending?.code;
  const isValid = sent !== null && sent !== undefined && now < sent.expiresAt;
  const address = maskedAddress(codeAddress(access, account) ?? '');
  return {
    heading: words.heading,
    errors: isValid ? errors : inSummaryAlone(errors),
    notice: isValid ? `${address} に${words.name}をお送りしました。` : undefined,
    body: (
      <>
        {isValid ? (
          <EnterCode waiting={waiting} error={errors?.['code']} />
        ) : (
          <SendCode waiting={waiting} address={address} />
        )}
        {isValid && (
          <section class="help">
            <h2>メールが届かないとき</h2>
            <p>
              迷惑メールのフォルダーもご確認ください。数分たっても届かないときは、もう一度送信してください。最後にお送りした番号だけが使えます。
            </p>
            <SendForm waiting={waiting} kind="secondary" />
          </section>
        )}
        {login.subscriber && account.oneTime.confirmation && (
          <section class="help">
            <h2>登録したメールアドレスを使えなくなったとき</h2>
            <Way href="/code/address">メールアドレスの変更</Way>
          </section>
        )}
        <Form action="/logout">
          <Button kind="quiet">ログインをやめる</Button>
        </Form>
      </>
    ),
  };
}

/** Without its field on the page, nothing can be led to: the sentence stands in the summary alone. */
function inSummaryAlone(errors: FieldErrors | undefined): FieldErrors | undefined {
  const { code } = errors ?? {};
  return code === undefined ? errors : { '': code };
}

function SendCode({ waiting, address }: { waiting: Waiting; address: string }): VNode {
  return (
    <>
      <p>
        {waiting.words.name}を <strong class="address">{address}</strong> にお送りします。
      </p>
      <SendForm waiting={waiting} kind="primary" />
    </>
  );
}

function SendForm({
  waiting: { words, next },
  kind,
}: {
  waiting: Waiting;
  kind: 'primary' | 'secondary';
}): VNode {
  return (
    <Form action={`${words.path}/send`}>
      <NextField next={next} />
      <Button kind={kind}>{words.name}を送信</Button>
    </Form>
  );
}

function EnterCode({
  waiting: { words, next },
  error,
}: {
  waiting: Waiting;
  error: string | undefined;
}): VNode {
  return (
    <Form action={words.path}>
      <NextField next={next} />
      <TextField
        name="code"
        label={words.name}
        support="メールに書かれた8桁の数字を入力してください。有効期限は送信から5分です。メールを確認するあいだ、この画面を閉じてもかまいません。"
        value=""
        error={error}
        keyboard="numeric"
        autocomplete="one-time-code"
        required
      />
      <Button>次へ</Button>
    </Form>
  );
}

/** A10: the confirmation pair, before another address may be entered. */
export function pairPage(brand: Brand, id: string, errors?: FieldErrors): PageContent {
  return {
    heading: 'メールアドレスの変更',
    trail: [{ href: '/code', text: 'ワンタイムパスワード' }],
    errors,
    body: (
      <>
        <p>
          ワンタイムパスワード受信用メールアドレスを変更します。メールアドレスを登録したときに設定した、確認用IDと確認用パスワードを入力してください。
        </p>
        <Form action="/code/address">
          <TextField
            name="id"
            label="確認用ID"
            value={id}
            autocomplete="section-confirmation username"
            required
          />
          <PasswordField
            name="password"
            label="確認用パスワード"
            autocomplete="section-confirmation current-password"
            required
          />
          <Button>次へ</Button>
        </Form>
        <section class="help">
          <h2>確認用ID・確認用パスワードをお忘れのとき</h2>
          <p>
            ご本人であることを確認したうえで設定を解除しますので、{brand.operator}へお問い合わせください。
          </p>
        </section>
      </>
    ),
  };
}
