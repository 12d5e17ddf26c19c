import type { AccessState, Intervention, Line, Unit } from '#access';
import { shownNumber } from '#mail';
import {
  Button,
  Facts,
  Form,
  shownMoment,
  TextField,
  Ways,
  type FieldErrors,
  type Link,
  type PageContent,
} from '#pages';
import { maskAddress } from '#platform';
import { OPS_TRAIL } from '../../ops-menu.ts';
import { accessPath, actionsPath, NUMBERS_PATH, outcomesPath } from '../../paths.ts';

const UNITS: Readonly<Record<Unit, string>> = {
  line: '回線単位',
  number: '電話番号単位',
  'administrator-user': '管理者／ユーザ単位',
};

const PASSWORDS: Readonly<Record<AccessState['password'], string>> = {
  none: '未設定（電話で仮パスワードを設定する必要があります）',
  temporary: '仮パスワード（次のログインで変更します）',
  set: '設定済み',
  expired: '有効期限切れ（次のログインで変更します）',
  invalid: '無効（電話で仮パスワードを設定する必要があります）',
};

/** What an operator can do, in his words: the button, what it does, and what is said when it is done. */
export const INTERVENTION_WORDS: Readonly<
  Record<Intervention, { readonly name: string; readonly meaning: string; readonly done: string }>
> = {
  'end-sessions': {
    name: '強制ログアウト',
    meaning: 'この番号でログインしている人を、すぐにログアウトさせます。',
    done: 'ログアウトさせました。',
  },
  'invalidate-password': {
    name: 'パスワード無効化',
    meaning:
      'パスワードを使えなくします。もう一度ログインするには、電話で仮パスワードを設定する必要があります。ログイン中の人はログアウトされます。',
    done: 'パスワードを無効にしました。',
  },
  'reset-one-time-password': {
    name: 'ワンタイムパスワード解除',
    meaning:
      'ワンタイムパスワードを使わない設定に戻し、受信用メールアドレスと確認用ID・パスワードを消します。ログイン中の人はログアウトされます。',
    done: 'ワンタイムパスワードを解除しました。',
  },
};

const TRAIL: readonly Link[] = [...OPS_TRAIL, { href: NUMBERS_PATH, text: '番号のログイン' }];

/** 番号のログイン: of which number. */
export function numberPage(number: string, errors?: FieldErrors): PageContent {
  return {
    heading: '番号のログイン',
    trail: OPS_TRAIL,
    errors,
    body: (
      <Form action={NUMBERS_PATH}>
        <TextField
          name="number"
          label="電話番号"
          value={number}
          keyboard="tel"
          error={errors?.['number']}
          required
        />
        <Button>表示</Button>
      </Form>
    ),
  };
}

/** What is known of a number's login (A15), never a secret, and what can be done. */
export function accessPage(number: string, line: Line, state: AccessState): PageContent {
  const { interventions } = state;
  return {
    heading: '番号のログイン状態',
    trail: TRAIL,
    number,
    body: (
      <>
        <Facts rows={factsOf(number, line, state)} />
        <Ways
          links={[
            { href: outcomesPath(number), text: 'この番号の送信結果' },
            { href: actionsPath(number), text: 'この番号への操作の記録' },
          ]}
        />
        <section>
          <h2>操作</h2>
          <Ways
            links={Object.entries(INTERVENTION_WORDS).map(([what, { name }]) => ({
              href: `${accessPath(number)}/${what}`,
              text: name,
            }))}
          />
        </section>
        <section>
          <h2>これまでの操作</h2>
          {interventions.length === 0 && <p>ありません。</p>}
          <ul>
            {interventions.map(({ at, by, what }) => (
              <li key={`${at} ${what}`}>
                {shownMoment(at)}　{wordsOf(what)}（{by}）
              </li>
            ))}
          </ul>
        </section>
      </>
    ),
  };
}

/** Asks once more before something is done. */
export function confirmInterventionPage(number: string, what: Intervention): PageContent {
  const { name, meaning } = INTERVENTION_WORDS[what];
  return {
    heading: name,
    trail: [...TRAIL, { href: accessPath(number), text: shownNumber(number) }],
    number,
    body: (
      <>
        <p>
          <strong>{shownNumber(number)}</strong>：{meaning}
        </p>
        <Form action={`${accessPath(number)}/${what}`}>
          <Button>{name}</Button>
        </Form>
        <Ways links={[{ href: accessPath(number), text: 'やめて戻る' }]} />
      </>
    ),
  };
}

function factsOf(number: string, line: Line, state: AccessState): [string, string][] {
  const { unit, password, passwordExpiresAt, sessions, lastLoginAt } = state;
  const until = passwordExpiresAt === undefined ? '' : `（${shownMoment(passwordExpiresAt)}まで）`;
  return [
    ['電話番号', shownNumber(number)],
    ['契約電話番号', shownNumber(line.lineNumber)],
    ['ブランド', line.brand],
    ['認証単位', UNITS[unit]],
    ['パスワード', PASSWORDS[password] + until],
    ['ワンタイムパスワード', oneTimeWords(state.oneTimePassword)],
    ['ログイン中', sessions > 0 ? 'はい' : 'いいえ'],
    ['最後のログイン', lastLoginAt === null ? 'なし' : shownMoment(lastLoginAt)],
  ];
}

function oneTimeWords({ use, address, pending }: AccessState['oneTimePassword']): string {
  const waits = pending ? '。メールアドレスの登録待ちです' : '';
  if (use === null) return `未選択${waits}`;
  const to = address === null ? '未登録' : maskAddress(address);
  return (use ? `使う（宛先：${to}）` : '使わない') + waits;
}

/** An intervention, or a temporary password, as the account remembers it. */
function wordsOf(what: string): string {
  if (what === 'temporary-password') return '仮パスワード設定';
  return Object.hasOwn(INTERVENTION_WORDS, what) ? INTERVENTION_WORDS[what as Intervention].name : what;
}
