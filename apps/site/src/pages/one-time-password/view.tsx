import type { Brand } from '#mail';
import { Button, type FieldErrors, Form, type PageContent, Way } from '#pages';
import { Choices } from '../../ui/choices.tsx';
import { menuTrail } from '../../ui/menu-trail.ts';

const HEADING = 'ワンタイムパスワード利用選択';

/** What the choice depends on. */
interface Choice {
  readonly brand: Brand;
  /** What is chosen now. */
  readonly use: boolean | null;
  /** Whether it has to be made before the login is in. */
  readonly isFirst: boolean;
  readonly errors?: FieldErrors;
}

/** A8: the choice, at the first login or later. */
export function choicePage({ brand, use, isFirst, errors }: Choice): PageContent {
  return {
    heading: HEADING,
    errors,
    ...(!isFirst && { trail: menuTrail(brand) }),
    body: (
      <>
        <p>
          ワンタイムパスワードは、ログインのたびにメールでお送りする、1回だけ使える番号です。パスワードをほかの人に知られても、不正なログインを防げます。
        </p>
        {!isFirst && (
          <p>
            現在の設定：<strong>{use === true ? '利用する' : '利用しない'}</strong>
          </p>
        )}
        <Form action="/one-time-password">
          <Choices
            name="use"
            label="ワンタイムパスワードの利用"
            error={errors?.['use']}
            value={valueOf(use, isFirst)}
            choices={[
              {
                value: 'yes',
                label: 'ワンタイムパスワードを利用する',
                support: 'おすすめです。番号を受け取るメールアドレスを登録します。',
              },
              {
                value: 'no',
                label: 'ワンタイムパスワードを利用しない',
                support: '電話番号とパスワードだけでログインします。',
              },
            ]}
          />
          <Button>次へ</Button>
        </Form>
      </>
    ),
  };
}

/** At the first login the safer one is proposed. */
function valueOf(use: boolean | null, isFirst: boolean): string | undefined {
  if (isFirst || use === true) return 'yes';
  return use === null ? undefined : 'no';
}

/** Asks once more before going without. */
export function declinePage(brand: Brand, isFirst: boolean): PageContent {
  return {
    heading: 'ワンタイムパスワードを利用しないことの確認',
    trail: [...(isFirst ? [] : menuTrail(brand)), { href: '/one-time-password', text: HEADING }],
    body: (
      <>
        <p class="warning">
          ワンタイムパスワードを利用しないと、パスワードをほかの人に知られたときに、不正にログインされるおそれがあります。
        </p>
        <p>
          セキュリティ強化のため、ワンタイムパスワードのご利用をおすすめしています。あとから利用することもできます。
        </p>
        <Form action="/one-time-password/decline">
          <Button>同意する</Button>
        </Form>
        <Way href="/one-time-password">選び直す</Way>
      </>
    ),
  };
}
