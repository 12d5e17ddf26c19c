import type { VNode } from 'preact';
import { Way, type FieldErrors, type PageContent } from '#pages';
import type { Outcome } from '#redis';
import type { ScreeningNames } from '#rules';
import { OPS_TRAIL } from '../../ops-menu.ts';
import { Reason, RecipientItem, WhatHappened } from '../../ui/outcome-facts.tsx';
import { OUTCOMES_PATH, storyPath } from '../../paths.ts';
import { SearchForm } from './search-form.tsx';

/** What the page shows. */
export interface ShownOutcomes {
  /** What was searched for; empty for the newest ones. */
  readonly query: string;
  readonly items: readonly Outcome[];
  /** Where the next page begins. */
  readonly nextCursor: string | null;
  readonly errors?: FieldErrors;
  readonly words: ScreeningNames;
}

/** 送信結果: the last outcomes, or those of a number or an event. */
export function outcomesPage(shown: ShownOutcomes): PageContent {
  const { query, items, nextCursor, errors, words } = shown;
  return {
    heading: '送信結果',
    trail: OPS_TRAIL,
    errors,
    body: (
      <>
        <SearchForm query={query} error={errors?.['q']} />
        {!errors && (
          <section>
            <h2>{query === '' ? '最近の送信結果' : '見つかった送信結果'}</h2>
            <p>{items.length === 0 ? nothing(query) : explained(query)}</p>
            <ul class="events">
              {items.map((item) => (
                <OutcomeRow
                  key={JSON.stringify([item.eventSource, item.eventId])}
                  item={item}
                  words={words}
                />
              ))}
            </ul>
            {nextCursor !== null && (
              <Way
                href={`${OUTCOMES_PATH}?${new URLSearchParams({ q: query, cursor: nextCursor }).toString()}`}
              >
                次へ
              </Way>
            )}
            {query !== '' && (
              <Way href={storyPath({ id: query, source: '' })}>未処理のものを含めて、経過を調べる</Way>
            )}
          </section>
        )}
      </>
    ),
  };
}

function nothing(query: string): string {
  return query === ''
    ? 'このプロセスは、起動してからまだ送信結果を受け取っていません。電話番号かイベントIDで検索できます。'
    : 'お知らせ履歴に記録がありません。受付を待っているか、再送を待っているかもしれません。';
}

function explained(query: string): string {
  return query === ''
    ? 'このプロセスが最近受け取ったものを、新しいものから表示しています。'
    : 'お知らせ履歴（最近30日間）にあるものを、新しいものから表示しています。以前の契約のものも含みます。';
}

function OutcomeRow({ item, words }: { item: Outcome; words: ScreeningNames }): VNode {
  const { reason, recipients, eventId, eventSource } = item;
  return (
    <li>
      <WhatHappened outcome={item} />
      <Reason reason={reason} words={words} />
      {recipients.length > 0 && (
        <ul class="answers">
          {recipients.map((one) => (
            <RecipientItem key={one.address} recipient={one} />
          ))}
        </ul>
      )}
      <p>
        <a href={storyPath({ id: eventId, source: eventSource })}>経過を見る</a> <code>{eventId}</code>
      </p>
    </li>
  );
}
