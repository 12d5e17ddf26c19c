import type { VNode } from 'preact';
import type { DeadLetter, WaitingRecord } from '#operations';
import { kindName, Way } from '#pages';
import { scrub } from '#platform';
import { letterPath } from '../../paths.ts';
import { handledWords, reasonWords } from '../dead-letters/words.ts';
import { shownAt } from './event-story.tsx';

/** A record of which neither history nor ledger know anything. */
export function UntoldItem({ waiting }: { waiting: WaitingRecord }): VNode {
  const { record, event, kind, numbers, before } = waiting;
  return (
    <li>
      <p class="event">
        {shownAt(record.timestamp)} {kind === undefined ? '読み取れない記録' : kindName(kind)} {numbers[0]}
      </p>
      <p>{`受付を待っているか、処理中です。前に${before}件あります。`}</p>
      <p class="support">
        <code>{event.id}</code> <code>{`${record.topic}/${record.partition}/${record.offset}`}</code>
      </p>
    </li>
  );
}

/** A dead letter of the event: why, what was done about it, and where to do something. */
export function DeadLetterItem({ letter }: { letter: DeadLetter }): VNode {
  const { id, reason, error, at, attempts, handled } = letter;
  return (
    <li>
      <p class="event">
        {shownAt(at)} <span class="nobr">{reasonWords(reason)}</span> <code>{reason}</code>
      </p>
      <samp>{scrub(error)}</samp>
      <p>{`${attempts}回試行、${handledWords(letter)}${handled ? `（${shownAt(handled.at)}）` : ''}。`}</p>
      <Way href={letterPath(letter)}>{`デッドレター ${id}`}</Way>
    </li>
  );
}
