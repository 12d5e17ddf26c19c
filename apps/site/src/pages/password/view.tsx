import type { VNode } from 'preact';
import type { PasswordPolicy, Unit } from '#access';
import { shownNumber, type Brand } from '#mail';
import { Button, type FieldErrors, Form, LinkList, type PageContent, PasswordField, Way } from '#pages';
import { passwordRules, passwordSupport } from '../../ui/access-sentences.ts';
import { menuTrail } from '../../ui/menu-trail.ts';
import { UNIT_NAMES } from '../../ui/unit-names.ts';

const HEADING = 'パスワード変更';

/** What the form depends on. */
interface PasswordEntry {
  readonly brand: Brand;
  readonly policy: PasswordPolicy;
  /** Whose password is changed. */
  readonly number: string;
  /** Whether that is the number that logged in. */
  readonly isOwn: boolean;
  /** The unit that comes into force with the new password (A2); `undefined`: it stays as it is. */
  readonly newUnit: Unit | undefined;
  /** Why nothing else is possible before (A4). */
  readonly mustChange: 'temporary' | 'expired' | false;
  readonly errors: FieldErrors | undefined;
}

const WHY = {
  temporary:
    '仮パスワードでログインしました。ご利用の前に、これからお使いになるパスワードを設定してください。',
  expired: 'パスワードの有効期限が切れています。ご利用の前に、新しいパスワードを設定してください。',
} as const;

/** The form (A4, A5, A7). */
export function passwordPage(form: PasswordEntry): PageContent {
  const { brand, number, isOwn, mustChange, newUnit, errors } = form;
  return {
    heading: HEADING,
    errors,
    ...(mustChange === false && { trail: trailOf(brand, isOwn) }),
    ...(!isOwn && { number }),
    body: (
      <>
        {mustChange !== false && <p class="lead">{WHY[mustChange]}</p>}
        <p>
          <strong class="nobr">{shownNumber(number)}</strong>のパスワードを変更します。
          {isOwn && '変更すると、いったんログアウトします。新しいパスワードでログインし直してください。'}
        </p>
        {newUnit && (
          <p class="warning">
            変更すると、電話で選んだとおり、この回線の認証単位が「{UNIT_NAMES[newUnit]}」になります。
          </p>
        )}
        <PasswordForm {...form} />
        {!isOwn && <Way href="/password">戻る</Way>}
      </>
    ),
  };
}

function PasswordForm({ policy, number, isOwn, mustChange, errors }: PasswordEntry): VNode {
  return (
    <Form action={isOwn ? '/password' : `/password/${number}`}>
      <input type="hidden" name="username" autocomplete="username" value={number} />
      <PasswordField
        name="current"
        label="現在のパスワード"
        support={currentSupport(isOwn, mustChange)}
        error={errors?.['current']}
        autocomplete="current-password"
        required
      />
      <PasswordField
        name="next"
        label="新しいパスワード"
        support={`${passwordSupport(policy)}。電話番号や、ほかの人が推測しやすいものは使えません。`}
        error={errors?.['next']}
        autocomplete="new-password"
        rules={passwordRules(policy)}
        required
      />
      <PasswordField
        name="again"
        label="新しいパスワード（確認）"
        error={errors?.['again']}
        autocomplete="new-password"
        rules={passwordRules(policy)}
        required
      />
      <Button>パスワード変更</Button>
    </Form>
  );
}

function trailOf(brand: Brand, isOwn: boolean): PageContent['trail'] {
  return isOwn ? menuTrail(brand) : [...menuTrail(brand), { href: '/password', text: '電話番号の選択' }];
}

function currentSupport(isOwn: boolean, mustChange: PasswordEntry['mustChange']): string | undefined {
  if (mustChange === 'temporary') return '電話で設定した8桁の仮パスワードを入力してください。';
  return isOwn ? undefined : 'ログインに使った、ご自身のパスワードを入力してください。';
}

/** A7: which number's password. */
export function passwordNumbersPage(brand: Brand, numbers: readonly string[]): PageContent {
  return {
    heading: HEADING,
    trail: menuTrail(brand),
    body: (
      <>
        <p>パスワードを変更する電話番号を選んでください。</p>
        <LinkList
          links={numbers.map((number) => ({ href: `/password/${number}`, text: shownNumber(number) }))}
        />
      </>
    ),
  };
}

/** After a change of the login's own password: it ended with it (A4). */
export function passwordChangedPage(brand: Brand): PageContent {
  return {
    heading: HEADING,
    notice: 'パスワードを変更しました。',
    body: (
      <>
        <p>{brand.site.name}を続けてご利用になるには、新しいパスワードでログインしてください。</p>
        <Way href="/login">ログイン画面へ戻る</Way>
      </>
    ),
  };
}
