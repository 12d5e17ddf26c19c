import type { AskedServer } from '#operations';
import {
  errorContent,
  Ways,
  type ErrorWords,
  type PageContent,
  type PageError,
  type PageErrorCode,
} from '#pages';
import { outageOf, ServerAway } from '../../outage.ts';
import { NO_ANSWER } from '../answer-in-time.ts';

const WORDS: Readonly<Record<PageErrorCode, ErrorWords>> = {
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
    'ただいま処理できません',
    'この画面に必要なサーバーが応答していないか、混み合っています。保存済みの内容は失われていません。',
    '/readyzの内容と、設定API（settings）のログをご確認ください。',
  ],
};

/** Which server is away, what that means, what still works, and what to do, as the runbook says it. */
const AWAY: Readonly<Record<AskedServer, ErrorWords>> = {
  Redis: [
    'Redisが応答していません',
    '設定・ログイン・送信台帳のRedisを使えません。運用ページは、復旧するまで開けません。',
    'Redisが止まっている間、メールは送られずに待ち、お客様はログインできません。保存済みの内容と、届いたイベントは失われません。',
    '/readyzと/metricsは使えます。コマンドnpm run ops -- whyは、Kafkaで分かることを表示します。',
    'Redisのサーバーが動いているか、REDIS_URLに接続できるかを確認して、復旧してください。復旧すると、数秒で再開します。再起動は必要ありません。',
    '手順は、runbookの「Redisが応答しないとき」にあります。',
  ],
  History: [
    '履歴用Redisが応答していません',
    'お知らせ履歴のRedisを使えないため、番号やイベントIDで検索できません。',
    'メールと設定に影響はありません。最近の送信結果、イベントの経過と、ほかの画面は使えます。',
    'HISTORY_REDIS_URLのサーバーが動いているか、接続できるかを確認して、復旧してください。',
    '手順は、runbookの「履歴用Redisが応答しないとき」にあります。',
  ],
  Kafka: [
    'Kafkaが応答していません',
    'この画面に必要なKafkaを使えません。Kafkaが止まっている間、イベントは処理されずに待ち、メールは送られません。失われるものはありません。',
    '稼働状況、送信結果、通信会社別と、番号のログインの画面は、Redisで使えます。',
    'Kafkaのブローカーが動いているか、KAFKA_BROKERSに接続できるかを確認して、復旧してください。復旧すると、数秒で再開します。notifierは再起動しないでください。',
    '手順は、runbookの「Kafkaが応答しないとき」にあります。',
  ],
};

/** Redis answers, and takes nothing. */
const REDIS_IS_FULL: ErrorWords = [
  'Redisが書き込みを受け付けていません',
  'Redisのメモリ、ディスク、またはレプリカが足りません。メールは送られずに待ち、お客様はログインできません。失われるものはありません。',
  '運用ページの表示は使えます。',
  '自然には復旧しません。redis-cli INFO memoryとINFO persistenceを確認し、メモリまたはディスクを増やしてください。キーの追い出し（eviction）は有効にしないでください。',
  '手順は、runbookの「Redisが満杯のとき」にあります。',
];

function awayWords({ cause }: PageError): ErrorWords {
  const { server, needsPerson } = outageOf(cause);
  if (server === undefined) return WORDS.away;
  if (needsPerson) return REDIS_IS_FULL;
  const isLate = cause instanceof ServerAway && cause.code === 'no-answer';
  const [heading, ...sentences] = AWAY[server];
  return isLate ? [heading, `${NO_ANSWER}。`, ...sentences] : AWAY[server];
}

/** The page of an error: what happened, what to do, and the way back. */
export function opsErrorPage(error: PageError): PageContent {
  const words = error.code === 'away' ? awayWords(error) : WORDS[error.code];
  return errorContent(error, words, <Ways links={[{ href: '/ops', text: '稼働状況' }]} />);
}
