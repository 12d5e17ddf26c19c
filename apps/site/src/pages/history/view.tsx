import type { VNode } from 'preact';
import type { Subscriber } from '#access';
import { parseRfc3339 } from '#events';
import type { Brand } from '#mail';
import { type PageContent, shownDay, Way } from '#pages';
import type { Outcome, OutcomePage } from '#redis';
import { menuTrail } from '../../ui/menu-trail.ts';
import { OutcomeItem } from './outcome-item.tsx';

/** What a page of the history shows. */
export interface ShownHistory {
  readonly brand: Brand;
  readonly subscriber: Subscriber;
  readonly number: string;
  readonly page: OutcomePage;
  /** Whether the newest are on it. */
  readonly isFirst: boolean;
}

/** お知らせ履歴: what happened to a number, by day, newest first, and which mails went where, or why none did (V6). */
export function historyPage(shown: ShownHistory): PageContent {
  const { brand, subscriber, number, page, isFirst } = shown;
  const choice = subscriber.numbers.length > 1 ? [{ href: '/history', text: '電話番号選択' }] : [];
  const path = `/numbers/${number}/history`;
  return {
    heading: 'お知らせ履歴',
    trail: [...menuTrail(brand), ...choice],
    number,
    body: (
      <>
        {isFirst && (
          <p>最近30日間の着信やFAXなどと、お知らせメールの送信結果です。新しいものから表示しています。</p>
        )}
        {page.items.length === 0 && (
          <p>{isFirst ? '記録はありません。' : 'これより前の記録はありません。'}</p>
        )}
        {Array.from(daysOf(page.items), ([day, items]) => (
          <section key={day}>
            <h2>{day}</h2>
            <ul class="events">
              {items.map((item) => (
                <OutcomeItem
                  key={`${item.eventSource} ${item.eventId}`}
                  item={item}
                  brand={brand}
                  line={subscriber.line}
                />
              ))}
            </ul>
          </section>
        ))}
        {page.nextCursor !== null && <Way href={`${path}?cursor=${page.nextCursor}`}>次へ</Way>}
        {!isFirst && <Way href={path}>最新の記録へ戻る</Way>}
        <Remarks brand={brand} />
      </>
    ),
  };
}

/** The outcomes of each day in Japan, in their order. */
function daysOf(items: readonly Outcome[]): ReadonlyMap<string, readonly Outcome[]> {
  return Map.groupBy(items, ({ at }) => shownDay(parseRfc3339(at) ?? 0));
}

/** Below the records, which people come for. */
function Remarks({ brand }: { brand: Brand }): VNode {
  return (
    <section class="help">
      <h2>お知らせ履歴について</h2>
      <ul class="remarks">
        <li>
          「メールサーバーが受け取りました」と表示されていても届いていないときは、迷惑メールのフォルダーと、
          {brand.mail.domain}からのメールを受信する設定をご確認ください。
        </li>
        <li>発信者の電話番号は、お知らせメールでご確認ください。この履歴には記録されません。</li>
        <li>
          サービスを開始していない間の着信などは、記録されません。記録は、電話番号ごとに最新の1,000件までです。
        </li>
      </ul>
    </section>
  );
}
