import type { ComponentChildren, VNode } from 'preact';
import { japanTime } from '#events';
import type { Story } from '#operations';
import { kindName, shownDay, shownSecond, Ways } from '#pages';
import { maskAddress } from '#platform';
import type { ScreeningNames } from '#rules';
import { accessPath, outcomesPath } from '../../paths.ts';
import { Reason, ServerWords, State, WhatHappened } from '../../ui/outcome-facts.tsx';

type ToldEvent = Story['events'][number];
type Row =
  NonNullable<ToldEvent['table']>['rows'][number] | NonNullable<ToldEvent['outcome']>['recipients'][number];

/** A moment in Japan to the second: epoch milliseconds → `11月28日(土) 9:05:07`. */
export const shownAt = (at: number): string => `${shownDay(at)} ${shownSecond(at)}`;

/** What became of one event, step by step. */
export function EventStory({ event, words }: { event: ToldEvent; words: ScreeningNames }): VNode | null {
  const { outcome, table, toldAt, waiting } = event;
  const what = outcome ?? (table && { ...table.event, at: japanTime(table.event.at) });
  if (!what) return null;
  const [id, source] = outcome
    ? [outcome.eventId, outcome.eventSource]
    : [table?.event.id ?? '', table?.event.source ?? ''];
  const rows: readonly Row[] = table?.rows ?? outcome?.recipients ?? [];
  return (
    <section>
      <h2>{kindName(what.kind)}</h2>
      <ol class="story">
        <Step name="受付">
          <WhatHappened outcome={what} />
          <p class="support">
            イベント <code>{id}</code>、発生元 <code>{source}</code>
          </p>
          {what.reason !== 'unknown-number' && <WaysOfNumber number={what.number} />}
        </Step>
        <Step name="判定">
          <Reason reason={what.reason} words={words} />
        </Step>
        {rows.map((row) => (
          <Step key={row.address} name={`宛先 ${maskAddress(row.address)}`}>
            <Attempts row={row} />
          </Step>
        ))}
        <Unsettled waiting={waiting} />
        <Step name="結果の記録">
          <p>
            {outcome
              ? `${outcome.sequence}回目の結果が記録されています。${toldAt === undefined ? '' : shownAt(toldAt)}`
              : 'まだ記録されていません。'}
          </p>
        </Step>
      </ol>
    </section>
  );
}

/** What is asked next about a subscriber who misses a notice: other events, and the login. */
function WaysOfNumber({ number }: { number: string }): VNode {
  return (
    <Ways
      links={[
        { href: outcomesPath(number), text: 'この番号の送信結果' },
        { href: accessPath(number), text: 'この番号のログイン状態' },
      ]}
    />
  );
}

function Step({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <li>
      <h3>{name}</h3>
      {children}
    </li>
  );
}

/** The tries of one recipient, and what happens next. */
function Attempts({ row }: { row: Row }): VNode {
  return (
    <>
      <p>
        <State state={row.state} />（{row.attempts}回試行{answeredAt(row)}）
      </p>
      <ServerWords response={row.response} />
      {nextSteps(row).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </>
  );
}

function answeredAt(row: Row): string {
  return 'answeredAt' in row && row.answeredAt !== undefined ? `、${shownAt(row.answeredAt)}` : '';
}

function nextSteps(row: Row): readonly string[] {
  if (!('settled' in row)) return [];
  const { claimedUntil, notBefore, retryTopic, state, deadLetter, isParked } = row;
  const steps: string[] = [];
  if (claimedUntil !== undefined) steps.push('いま送信しています。');
  else if (state === 'open')
    steps.push(isParked ? '答えを待っています。' : 'どのプロセスも、まだ取りかかっていません。');
  else if (state === 'deferred' && notBefore !== undefined)
    steps.push(`再送待ち: ${retryTopic}で${shownAt(notBefore)}まで待ち、もう一度送信します。`);
  if (deadLetter || state === 'in-doubt') steps.push('デッドレターに入っています。');
  return steps;
}

/** Its records that no group has settled. */
function Unsettled({ waiting }: Pick<ToldEvent, 'waiting'>): VNode {
  return (
    <>
      {waiting.map(({ record, before }) => (
        <Step key={`${record.topic} ${record.offset}`} name="Kafkaで未完了">
          <p>{`${shownAt(record.timestamp)}から、前に${before}件あります。`}</p>
          <code>{`${record.topic}/${record.partition}/${record.offset}`}</code>
        </Step>
      ))}
    </>
  );
}
