import type { VNode } from 'preact';
import type { DeadLetter } from '#operations';
import { Button, SelectField, shownMoment, Way, type PageContent } from '#pages';
import { scrub } from '#platform';
import { OPS_TRAIL } from '../../ops-menu.ts';
import { letterPath, LETTERS_PATH } from '../../paths.ts';
import { handledWords, REASON_WORDS, reasonWords } from './words.ts';

/** What the list shows. */
export interface ShownLetters {
  /** Newest first: those that are asked for. */
  readonly letters: readonly DeadLetter[];
  /** Empty for every reason. */
  readonly reason: string;
  /** Whether those that were handled are there too. */
  readonly all: boolean;
  /** How many wait for a person, whatever was asked for. */
  readonly waiting: number;
  /** So many of the newest records of each partition were looked through. */
  readonly bound: number;
}

/** More would be a page that a phone scrolls through for ever. */
const SHOWN = 100;

/** デッドレター: what could not be delivered and waits for a person. */
export function deadLettersPage(shown: ShownLetters): PageContent {
  const { letters, waiting, bound } = shown;
  return {
    heading: 'デッドレター',
    trail: OPS_TRAIL,
    body: (
      <>
        <p>
          届けられず、人の対応を待っているもの：<strong>{waiting}件</strong>
        </p>
        <p class="support">
          {`パーティションごとに、新しいほうから${bound}件までの記録を調べています。それより古いものは、npm run ops -- dlq listで確認できます。`}
        </p>
        <Filter {...shown} />
        {letters.length === 0 && <p>該当するものはありません。</p>}
        {letters.length > SHOWN && (
          <p>
            {letters.length}件のうち、新しい{SHOWN}件を表示しています。
          </p>
        )}
        <ul class="events">
          {letters.slice(0, SHOWN).map((letter) => (
            <Item key={letter.id} letter={letter} />
          ))}
        </ul>
      </>
    ),
  };
}

/** Asks by GET, since it changes nothing. */
function Filter({ reason, all }: ShownLetters): VNode {
  const reasons = Object.entries(REASON_WORDS).map(([value, label]) => ({ value, label }));
  return (
    <form method="get" action={LETTERS_PATH}>
      <SelectField
        name="reason"
        label="理由"
        value={reason}
        options={[{ value: '', label: 'すべて' }, ...reasons]}
      />
      <SelectField
        name="all"
        label="状態"
        value={all ? 'yes' : ''}
        options={[
          { value: '', label: '対応待ちだけ' },
          { value: 'yes', label: '対応済みも含む' },
        ]}
      />
      <Button kind="secondary">絞り込む</Button>
    </form>
  );
}

function Item({ letter }: { letter: DeadLetter }): VNode {
  const { reason, origin, error, at } = letter;
  return (
    <li>
      <p>
        {shownMoment(at)} <strong>{reasonWords(reason)}</strong>（{handledWords(letter)}）
      </p>
      <p>
        {origin.topic || '不明なトピック'}
        {error && `：${scrub(error)}`}
      </p>
      <Way href={letterPath(letter)}>詳しく見る</Way>
    </li>
  );
}
