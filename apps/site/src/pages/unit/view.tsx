import type { Subscriber, Unit } from '#access';
import { shownNumber, type Brand } from '#mail';
import { Button, Facts, type FieldErrors, Form, type PageContent, PasswordField, Way } from '#pages';
import { menuTrail } from '../../ui/menu-trail.ts';
import { TemporaryPasswordHelp } from '../../ui/temporary-password-help.tsx';
import { UNIT_NAMES } from '../../ui/unit-names.ts';

const HEADING = '認証単位変更';

/** What each unit means (A1), in the order of the sources. */
const MEANINGS: readonly (readonly [Unit, string])[] = [
  ['line', '契約電話番号でログインし、すべての電話番号の設定を変更できます。'],
  ['number', 'それぞれの電話番号でログインし、その電話番号の設定だけを変更できます。'],
  [
    'administrator-user',
    '契約電話番号（管理者）でログインするとすべての電話番号、追加番号（ユーザ）でログインするとその電話番号だけの設定を変更できます。',
  ],
];

/** Which unit. */
export function unitPage(brand: Brand, unit: Unit, others: readonly Unit[]): PageContent {
  return {
    heading: HEADING,
    trail: menuTrail(brand),
    body: (
      <>
        <p>
          現在の認証単位：<strong>{UNIT_NAMES[unit]}</strong>
        </p>
        {others.length > 0 ? (
          <p>変更後の認証単位を選んでください。</p>
        ) : (
          <p>認証単位は、契約電話番号でログインした場合だけ変更できます。</p>
        )}
        {MEANINGS.filter(([one]) => others.includes(one)).map(([one, meaning]) => (
          <form key={one} action={`/unit/${one}`} class="option">
            <p>{meaning}</p>
            <Button kind="secondary">{UNIT_NAMES[one]}</Button>
          </form>
        ))}
      </>
    ),
  };
}

/** The passwords that the change asks for (A6). */
export function unitPasswordsPage(
  brand: Brand,
  unit: Unit,
  numbers: readonly string[],
  errors?: FieldErrors,
): PageContent {
  const [first] = numbers;
  return {
    heading: HEADING,
    trail: [...menuTrail(brand), { href: '/unit', text: '認証単位の選択' }],
    errors,
    body: (
      <>
        <p>
          認証単位を<strong>{UNIT_NAMES[unit]}</strong>に変更します。
          {numbers.length === 1 && first !== undefined
            ? `${shownNumber(first)}のパスワードを入力してください。`
            : '電話番号ごとに、パスワードを入力してください。'}
        </p>
        <Form action={`/unit/${unit}`}>
          {numbers.map((number) => (
            <PasswordField
              key={number}
              name={`password-${number}`}
              label={numbers.length === 1 ? 'パスワード' : `パスワード（${shownNumber(number)}）`}
              error={errors?.[`password-${number}`]}
              autocomplete="current-password"
              required
            />
          ))}
          <Button>認証単位変更</Button>
        </Form>
        <section class="help">
          <h2>パスワードがわからない電話番号があるとき</h2>
          <TemporaryPasswordHelp brand={brand} />
        </section>
      </>
    ),
  };
}

/** Asks once more: what the change means for everybody on the line. */
export function confirmUnitPage(brand: Brand, { line, unit, number }: Subscriber, to: Unit): PageContent {
  return {
    heading: '認証単位変更の確認',
    trail: [...menuTrail(brand), { href: '/unit', text: HEADING }],
    body: (
      <>
        <p class="lead">まだ変更されていません。内容を確認し、「確定」を押してください。</p>
        <Facts
          rows={[
            ['現在の認証単位', UNIT_NAMES[unit]],
            ['変更後の認証単位', UNIT_NAMES[to]],
          ]}
        />
        <ul class="remarks">
          {consequences({ from: unit, to, by: number, lineNumber: line.lineNumber }).map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <Form action="/unit/confirm">
          <Button>確定</Button>
        </Form>
        <Way href="/unit">変更しない</Way>
      </>
    ),
  };
}

/** A6's table, as it is told to whoever changes the unit. */
function consequences({
  from,
  to,
  by,
  lineNumber,
}: {
  from: Unit;
  to: Unit;
  by: string;
  lineNumber: string;
}): string[] {
  const shown = shownNumber(lineNumber);
  const others = 'この回線のほかのログインは、すべて終了します。';
  if (to === 'line') {
    const password = from === 'number' && by !== lineNumber ? shownNumber(by) : shown;
    return [
      `変更後は、契約電話番号（${shown}）と、${password}の現在のパスワードでログインしてください。`,
      'ほかの電話番号のパスワードは使えなくなります。',
      others,
    ];
  }
  if (from === 'line')
    return [`変更後は、すべての電話番号に、${shown}の現在のパスワードでログインできます。`, others];
  return [
    'それぞれの電話番号のパスワードは、変わりません。',
    'パスワードを設定していない電話番号では、仮パスワードの設定が必要です。',
    others,
  ];
}

/** After the change; its own login may have ended with it. */
export function unitChangedPage(
  brand: Brand,
  login: { readonly unit: Unit | undefined; readonly home: string } | undefined,
): PageContent {
  return {
    heading: HEADING,
    notice: '認証単位を変更しました。',
    body: login?.unit ? (
      <>
        <p>
          現在の認証単位：<strong>{UNIT_NAMES[login.unit]}</strong>
        </p>
        <Way href={login.home}>{`${brand.site.name}トップへ戻る`}</Way>
      </>
    ) : (
      <>
        <p>続けてご利用になるには、契約電話番号でログインしてください。</p>
        <Way href="/login">ログイン画面へ戻る</Way>
      </>
    ),
  };
}
