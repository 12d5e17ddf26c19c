import type { VNode } from 'preact';
import { stateMeaning } from '#delivery';
import { parseRfc3339 } from '#events';
import { kindName, shownDay, shownSecond } from '#pages';
import { maskAddress, scrub } from '#platform';
import type { Outcome } from '#redis';
import { noMailSentence, whyNoMail, type ScreeningNames } from '#rules';

/** What a reason means, in Japanese, with its id, by which documents and commands know it. */
export function Reason({ reason, words }: { reason: string; words: ScreeningNames }): VNode {
  const why = whyNoMail(reason);
  const says = why
    ? noMailSentence(why, words, '送信していません')
    : reason === 'notify'
      ? 'お知らせの対象です'
      : 'このバージョンの知らない理由です';
  return (
    <p>
      {says} <code>{reason}</code>
    </p>
  );
}

/** What a state means, in Japanese, with its id. */
export function State({ state }: { state: string }): VNode {
  return (
    <>
      {stateMeaning(state)?.subscriber ??
        (state === 'open' ? 'まだ答えがありません' : 'このバージョンの知らない状態です')}{' '}
      <code>{state}</code>
    </>
  );
}

/** A recipient of a mail: the address masked, the state, and what the mail server said. */
export function RecipientItem({ recipient }: { recipient: Outcome['recipients'][number] }): VNode {
  const { address, state, attempts, response } = recipient;
  return (
    <li>
      {maskAddress(address)}: <State state={state} />（{attempts}回試行）
      <ServerWords response={response} />
    </li>
  );
}

/** What a mail server said: addresses and numbers in it are masked. */
export function ServerWords({ response }: { response: string }): VNode | null {
  return response === '' ? null : <samp>{scrub(response)}</samp>;
}

/** When something happened, and what. */
export function WhatHappened({
  outcome,
}: {
  outcome: Pick<Outcome, 'at' | 'kind' | 'number' | 'lineNumber'>;
}): VNode {
  const { at, kind, number, lineNumber } = outcome;
  const moment = parseRfc3339(at) ?? 0;
  const line = lineNumber !== null && lineNumber !== number ? `（契約番号 ${lineNumber}）` : '';
  return (
    <p class="event">
      <time dateTime={at}>{`${shownDay(moment)} ${shownSecond(moment)}`}</time> {kindName(kind)}{' '}
      <span class="nobr">{number}</span>
      {line}
    </p>
  );
}
