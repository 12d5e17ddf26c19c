import type { VNode } from 'preact';
import type { Story } from '#operations';
import { Facts, type PageContent } from '#pages';
import { scrub } from '#platform';
import type { ScreeningNames } from '#rules';
import { OPS_TRAIL } from '../../ops-menu.ts';
import { OUTCOMES_PATH } from '../../paths.ts';
import { EventStory } from './event-story.tsx';
import { DeadLetterItem, UntoldItem } from './waiting-items.tsx';

const SERVERS = { Redis: 'Redis', History: '履歴のRedis', Kafka: 'Kafka' } as const;

/** イベントの経過: what `ops why` tells, as a page. */
export function storyPage(id: string, story: Story, words: ScreeningNames): PageContent {
  const { events, untold, letters, unanswered } = story;
  const isNothing = events.length + untold.length + letters.length === 0;
  return {
    heading: 'イベントの経過',
    trail: [...OPS_TRAIL, { href: OUTCOMES_PATH, text: '送信結果' }],
    ...(isNothing && unanswered.length === 0 && { status: 404 }),
    body: (
      <>
        <Facts rows={[['調べたもの', <code key="id">{id}</code>]]} />
        <Unanswered unanswered={unanswered} />
        {isNothing && (
          <p>このイベントや電話番号について、分かることはありません。保存期間を過ぎたかもしれません。</p>
        )}
        {events.map((event) => (
          <EventStory key={nameOf(event)} event={event} words={words} />
        ))}
        {untold.length > 0 && (
          <Section heading="まだ処理されていないもの">
            {untold.map((one) => (
              <UntoldItem
                key={`${one.record.topic} ${one.record.partition} ${one.record.offset}`}
                waiting={one}
              />
            ))}
          </Section>
        )}
        {letters.length > 0 && (
          <Section heading="デッドレター">
            {letters.map((letter) => (
              <DeadLetterItem key={letter.id} letter={letter} />
            ))}
          </Section>
        )}
      </>
    ),
  };
}

const nameOf = ({ outcome, table }: Story['events'][number]): string =>
  JSON.stringify([outcome?.eventSource ?? table?.event.source, outcome?.eventId ?? table?.event.id]);

function Section({ heading, children }: { heading: string; children: VNode[] }): VNode {
  return (
    <section>
      <h2>{heading}</h2>
      <ul class="events">{children}</ul>
    </section>
  );
}

/** What could not be asked, and why. */
function Unanswered({ unanswered }: Pick<Story, 'unanswered'>): VNode {
  return (
    <>
      {unanswered.map(({ server, message }) => (
        <p key={server + message} class="warning">
          {`${SERVERS[server]}を確認できないため、ここにないものがあるかもしれません: ${scrub(message)}`}
        </p>
      ))}
    </>
  );
}
