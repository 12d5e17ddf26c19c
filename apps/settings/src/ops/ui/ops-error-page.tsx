import { Ways, type PageContent, type PageError, type PageErrorCode } from '#pages';

/** The heading and the sentences of each error; the first sentence says what is wrong, the other what to do. */
const WORDS: Readonly<Record<PageErrorCode, readonly [string, string, string]>> = {
  'cut-off': [
    '送信が途中で切れました',
    '入力内容を最後まで受け取れませんでした。',
    'もう一度お試しください。',
  ],
  'foreign-site': [
    'この操作は受け付けられません',
    '運用ページの画面から送信されたことを確認できませんでした。何も変更していません。',
    '画面を開き直して、もう一度お試しください。プロキシを通すときは、Hostヘッダーをそのまま渡してください。',
  ],
  'not-found': [
    'ページが見つかりません',
    'このアドレスのページはありません。',
    'メニューから開き直してください。',
  ],
  'wrong-method': [
    'この操作は受け付けられません',
    'この画面は、直接開いたり再読み込みしたりできません。',
    'メニューから開き直してください。',
  ],
  'too-large': [
    '入力内容が大きすぎます',
    '一度に送信できる量を超えています。',
    '入力内容を減らしてください。',
  ],
  'wrong-type': [
    'この形式では受け付けられません',
    '運用ページの入力画面から送信された内容だけを受け付けます。',
    '画面を開き直して、もう一度お試しください。',
  ],
  'too-many': [
    'ただいま受け付けられません',
    '短い間に多くの操作がありました。',
    'しばらくしてからもう一度お試しください。',
  ],
  bug: [
    'エラーが発生しました',
    '処理の途中で問題が発生しました。',
    '原因は設定API（settings）のログに「a request met a bug」として残っています。',
  ],
  away: [
    'RedisまたはKafkaが応答していません',
    'この画面に必要なサーバーが応答していません。保存済みの内容は失われていません。',
    '/readyzの内容と、設定API（settings）のログをご確認ください。',
  ],
};

/** The page of an error: what happened, what to do, and the way back. */
export function opsErrorPage(error: PageError): PageContent {
  const [heading, ...sentences] = WORDS[error.code];
  return {
    heading,
    status: error.status,
    headers: error.headers,
    body: (
      <>
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <Ways links={[{ href: '/ops', text: '稼働状況' }]} />
      </>
    ),
  };
}
