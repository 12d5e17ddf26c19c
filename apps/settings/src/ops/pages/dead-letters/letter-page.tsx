import type { VNode } from 'preact';
import { textOf, type DeadLetter, type DeadLetterView } from '#operations';
import { Button, Facts, Form, shownMoment, Ways, type Link, type PageContent } from '#pages';
import { scrub } from '#platform';
import { OPS_TRAIL } from '../../ops-menu.ts';
import { letterPath, LETTERS_PATH, storyPath } from '../../paths.ts';
import { handledWords, reasonWords, REPLAY_WORDS } from './words.ts';

/** A value may be as large as Kafka takes; nobody reads more than this. */
const SHOWN_CHARACTERS = 20_000;
const TRAIL: readonly Link[] = [...OPS_TRAIL, { href: LETTERS_PATH, text: 'デッドレター' }];

/** What can be done about a dead letter. */
export const HANDLING_WORDS = {
  replay: { name: '再投入', done: '再投入しました。結果は、イベントの経過でご確認ください。' },
  close: { name: '対応不要にする', done: '対応不要にしました。' },
} as const;
export type HandlingName = keyof typeof HANDLING_WORDS;

/** One dead letter: what it is, what the program says of it, and what can be done. Personal data are masked. */
export function letterPage(letter: DeadLetter, view: DeadLetterView): PageContent {
  return {
    heading: `デッドレター ${letter.id}`,
    trail: TRAIL,
    body: (
      <>
        <Facts rows={factsOf(letter)} />
        {!letter.handled && <p>{REPLAY_WORDS[view.reading.replay]}</p>}
        {view.reading.replay === 'fails' && (
          <ul>
            {view.reading.problems.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{path}</code>：{message}
              </li>
            ))}
          </ul>
        )}
        <Ways links={waysOf(letter, view)} />
        <section>
          <h2>値</h2>
          <Value value={view.value} bytes={letter.record.value?.length ?? 0} />
        </section>
        <section>
          <h2>ヘッダー</h2>
          <Facts rows={Object.entries(letter.record.headers).flatMap(headerRows)} />
        </section>
        <p class="support">電話番号とメールアドレスは、一部を伏せて表示しています。</p>
      </>
    ),
  };
}

/** Asks once more before something is done about it. */
export function confirmHandlingPage(letter: DeadLetter, what: HandlingName): PageContent {
  return {
    heading: `デッドレターの${what === 'replay' ? '再投入' : '終了'}`,
    trail: [...TRAIL, { href: letterPath(letter), text: letter.id }],
    body: (
      <>
        <p>
          {what === 'replay'
            ? 'このイベントを、最初に届いたトピックにもう一度発行します。すでにメールが届いた宛先には、もう一度送られることはありません。'
            : 'このデッドレターを対応不要にします。イベントは発行されません。'}
        </p>
        <Facts rows={factsOf(letter)} />
        <Form action={`${letterPath(letter)}/${what}`}>
          <Button>{HANDLING_WORDS[what].name}</Button>
        </Form>
        <Ways links={[{ href: letterPath(letter), text: 'やめて戻る' }]} />
      </>
    ),
  };
}

function factsOf(letter: DeadLetter): [string, string][] {
  const { reason, error, attempts, origin, event, at, handled, cut } = letter;
  return [
    ['理由', reasonWords(reason)],
    ['エラー', scrub(error) || 'なし'],
    ['状態', handledWords(letter) + (handled ? `（${shownMoment(handled.at)}）` : '')],
    ['入った時刻', shownMoment(at)],
    ['それまでの試行', `${attempts}回`],
    ['イベント', event.id || '不明'],
    ['元の場所', origin.topic ? `${origin.topic} / ${origin.partition} / ${origin.offset}` : '不明'],
    ...(cut ? [['元の大きさ', `${cut}バイト（先頭だけ）`] as [string, string]] : []),
  ];
}

function waysOf(letter: DeadLetter, { reading }: DeadLetterView): Link[] {
  const { event } = letter;
  const canReplay = !letter.handled && (reading.replay === 'works' || reading.replay === 'fails');
  return [
    ...(event.id ? [{ href: storyPath(event), text: 'イベントの経過' }] : []),
    ...(canReplay ? [{ href: `${letterPath(letter)}/replay`, text: HANDLING_WORDS.replay.name }] : []),
    ...(letter.handled ? [] : [{ href: `${letterPath(letter)}/close`, text: HANDLING_WORDS.close.name }]),
  ];
}

function Value({ value, bytes }: { value: DeadLetterView['value']; bytes: number }): VNode {
  if (value.form === 'none') return <p>ありません。</p>;
  if (value.form === 'hidden')
    return (
      <p>JSONではなく、暗号化されていないコードを含むかもしれないため、表示しません（{bytes}バイト）。</p>
    );
  const shown = value.text.slice(0, SHOWN_CHARACTERS);
  return (
    <>
      <p>
        {value.form === 'json' ? 'JSON' : 'JSONではないデータ'}、{bytes}バイト
        {shown.length < value.text.length && '（先頭だけを表示しています）'}
      </p>
      <pre class="raw">{scrub(shown)}</pre>
    </>
  );
}

/** Ids and places are no personal data, and are looked for elsewhere as they are. */
const AS_THEY_ARE = /^(?:ce_id|ce_source|ce_type|ce_time|ce_specversion|dlq-id|dlq-at|orig-.*)$/;

function headerRows([name, value]: [string, DeadLetter['record']['headers'][string]]): [string, string][] {
  const values = Array.isArray(value) ? value : [value ?? null];
  return values.map((one) => [name, AS_THEY_ARE.test(name) ? textOf(one) : scrub(textOf(one))]);
}
