import type { Brand } from '#mail';
import { errorContent, type ErrorWords, type PageContent, type PageError, type PageErrorCode } from '#pages';
import type { ShownLogin } from '../../ui/page.tsx';
import { TemporaryPasswordHelp } from '../../ui/temporary-password-help.tsx';

const WORDS: Readonly<Record<PageErrorCode, ErrorWords>> = {
  'cut-off': [
    '送信が途中で切れました',
    '入力内容を最後まで受け取れませんでした。',
    '保存済みの内容は変わっていません。前の画面に戻り、もう一度お試しください。',
  ],
  'foreign-site': [
    'この操作は受け付けられません',
    'このサイトの画面から送信されたことを確認できませんでした。設定は変更されていません。',
    'トップページから画面を開き直して、もう一度お試しください。',
  ],
  'not-found': [
    'ページが見つかりません',
    'お探しのページは、移動または削除されたか、ご利用いただけません。',
    'アドレスをご確認のうえ、トップページから開き直してください。',
  ],
  'wrong-method': [
    'この操作は受け付けられません',
    'この画面は、直接開いたり再読み込みしたりできません。',
    'トップページから画面を開き直してください。',
  ],
  'too-large': [
    '入力内容が大きすぎます',
    '一度に送信できる量を超えています。設定は変更されていません。',
    '入力内容を減らして、もう一度お試しください。CSVファイルは3MBまでです。',
  ],
  'wrong-type': [
    'この形式では受け付けられません',
    'このサイトの入力画面から送信された内容だけを受け付けます。設定は変更されていません。',
    'トップページから画面を開き直して、もう一度お試しください。',
  ],
  'too-many': [
    'ただいま受け付けられません',
    '短い間に多くの操作があったため、受け付けを一時的に止めています。',
    'しばらくしてからもう一度お試しください。入力・保存済みの内容は失われていません。',
  ],
  bug: [
    'エラーが発生しました',
    '申し訳ございません。処理の途中で問題が発生しました。',
    'しばらくしてからもう一度お試しください。保存済みの内容は失われていません。',
  ],
  away: [
    'ただいまご利用いただけません',
    'ただいま混み合っているか、一時的にご利用いただけない状態です。',
    'しばらくしてからもう一度お試しください。入力・保存済みの内容は失われていません。',
  ],
};

/**
 * The page of an error: what happened, what to do, and the ways back. It says nothing about the cause. Whoever is in
 * (`login`) is led to the menu, others to the login.
 */
export function errorPage(error: PageError, brand: Brand, login?: ShownLogin): PageContent {
  return errorContent(
    error,
    WORDS[error.code],
    <>
      <ul class="ways">
        <li>
          <a href={login?.home ?? '/'}>トップページ</a>
        </li>
        {!login && (
          <li>
            <a href="/login">ログイン</a>
          </li>
        )}
      </ul>
      {!login && (
        <section class="help">
          <h2>ログインできないとき</h2>
          <TemporaryPasswordHelp brand={brand} />
        </section>
      )}
    </>,
  );
}
