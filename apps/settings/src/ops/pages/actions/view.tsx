import type { VNode } from 'preact';
import type { OperatorActionName, RecordedAction } from '#events';
import { Button, shownDay, shownSecond, TextField, type PageContent } from '#pages';
import { parseSubscriberNumber } from '#rules';
import { OPS_TRAIL } from '../../ops-menu.ts';
import { accessPath, ACTIONS_PATH, letterPath } from '../../paths.ts';

/** What is looked for; empty for everything. */
interface AskedActions {
  readonly by: string;
  readonly subject: string;
}

/** What the page shows: of the newest `bound` actions those that were asked for, newest first. */
export interface ShownActions extends AskedActions {
  readonly actions: readonly RecordedAction[];
  readonly bound: number;
}

/** More would be a page that a phone scrolls through for ever. */
const SHOWN = 100;

const WORDS: Readonly<Record<OperatorActionName, string>> = {
  'put-line': '回線の設定',
  'delete-line': '回線の削除',
  'put-fault-notice': '故障お知らせの設定',
  'put-bulk-transfer': '一括転送の設定',
  'put-call-notice': '着信お知らせの設定',
  'put-fax-notice': 'FAXお知らせの設定',
  'put-screening': '迷惑電話・非通知の設定',
  'put-voice-warp': 'ボイスワープの設定',
  'put-self-care': 'セルフケアIDの設定',
  'delete-self-care': 'セルフケアIDの削除',
  'put-ip-phone-password': 'IP加入電話パスワードの登録',
  'temporary-password': '仮パスワード設定',
  'end-sessions': '強制ログアウト',
  'invalidate-password': 'パスワード無効化',
  'reset-one-time-password': 'ワンタイムパスワード解除',
  'test-mail': 'テストメール送信',
  'replay-dead-letter': 'デッドレターの再投入',
  'close-dead-letter': 'デッドレターを対応不要に',
  import: '設定の取り込み',
  'log-in': '運用ページへのログイン',
  'log-out': '運用ページからのログアウト',
};

const DOORS: Readonly<Record<RecordedAction['door'], string>> = {
  api: '設定API',
  page: '運用ページ',
  cli: 'npm run ops',
};

/** 操作の記録: who did what. */
export function actionsPage({ actions, bound, by, subject }: ShownActions): PageContent {
  return {
    heading: '操作の記録',
    trail: OPS_TRAIL,
    body: (
      <>
        <p>
          新しいほうから{bound.toLocaleString('ja-JP')}
          件までの記録を調べています。それより古いものは、Kafkaのトピック
          operator-actionsに1年間残っています。
        </p>
        <form method="get" action={ACTIONS_PATH}>
          <TextField name="by" label="操作した人" value={by} />
          <TextField name="subject" label="対象（電話番号など）" value={subject} />
          <Button kind="secondary">絞り込む</Button>
        </form>
        {actions.length === 0 && <p>該当するものはありません。</p>}
        {actions.length > SHOWN && (
          <p>
            {actions.length}件のうち、新しい{SHOWN}件を表示しています。
          </p>
        )}
        {Array.from(
          Map.groupBy(actions.slice(0, SHOWN), ({ at }) => shownDay(at)),
          ([day, ofDay]) => (
            <section key={day}>
              <h2>{day}</h2>
              <ul class="events">
                {ofDay.map((action) => (
                  <Item key={action.id} action={action} />
                ))}
              </ul>
            </section>
          ),
        )}
      </>
    ),
  };
}

function Item({ action }: { action: RecordedAction }): VNode {
  const { at, by, door, address, subject } = action;
  return (
    <li>
      <p>
        {shownSecond(at)} <strong>{WORDS[action.action]}</strong>
        {subject !== null && <Subject action={action.action} subject={subject} />}
      </p>
      <p>
        {by ?? '不明'}（{DOORS[door]}
        {address !== undefined && `、${address}`}）　{resultWords(action)}
      </p>
    </li>
  );
}

/** What an action was about, with the page of it where there is one. */
function Subject({ action, subject }: { action: OperatorActionName; subject: string }): VNode {
  const href = pathOf(action, subject);
  return <>：{href === undefined ? subject : <a href={href}>{subject}</a>}</>;
}

function pathOf(action: OperatorActionName, subject: string): string | undefined {
  if (action === 'replay-dead-letter' || action === 'close-dead-letter') return letterPath({ id: subject });
  const isGone = action === 'delete-line';
  return parseSubscriberNumber(subject).ok && !isGone ? accessPath(subject) : undefined;
}

function resultWords({ result, code }: RecordedAction): string {
  if (result === 'done') return '完了';
  return result === 'refused' ? `拒否（${code ?? '理由なし'}）` : '結果不明';
}
