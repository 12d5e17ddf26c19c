import type { VNode } from 'preact';
import type { Subscriber } from '#access';
import { stateMeaning } from '#delivery';
import { ACCESS_MAILS, parseRfc3339 } from '#events';
import type { Brand } from '#mail';
import { kindName, maskedAddress, shownTime, Ways } from '#pages';
import type { Outcome } from '#redis';
import { noMailSentence, whyNoMail, type DecidingSetting } from '#rules';
import { settingLinks } from '../notice/setting-links.ts';

/** An event of the history: when, what, and which mails went where, or why none did. */
export function OutcomeItem({
  item,
  brand,
  line,
}: {
  item: Outcome;
  brand: Brand;
  line: Subscriber['line'];
}): VNode {
  const { kind, at, number, reason, recipients } = item;
  const why = whyNoMail(reason);
  const links = settingLinks([...(why?.settings ?? []), ...settingsOfStates(item)], { line, number, kind });
  return (
    <li>
      <p class="event">
        <time dateTime={at}>{shownTime(parseRfc3339(at) ?? 0)}</time> {kindName(kind)}
      </p>
      {why && <p>{noMailSentence(why, brand.words, '送信していません')}。</p>}
      {!why && recipients.length === 0 && <p>メールは送信していません。</p>}
      <Mails item={item} />
      <Ways links={links} />
    </li>
  );
}

function Mails({ item }: { item: Outcome }): VNode {
  return (
    <>
      {Array.from(byState(item), ([state, addresses]) => (
        <div key={state} class="mails">
          <p class={stateMeaning(state)?.isAddressSuspect ? 'field-error' : undefined}>
            {stateSentence(state)}。
          </p>
          <ul>
            {addresses.map((address) => (
              <li key={address}>{address}</li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

const stateSentence = (state: string): string =>
  stateMeaning(state)?.subscriber ?? '送信の状態を確認できません';

/** The addresses of each state. Where codes go is shown as everywhere: its owner knows it, who looks over a shoulder does not. */
function byState({ kind, recipients }: Outcome): ReadonlyMap<string, readonly string[]> {
  const isMasked = Object.hasOwn(ACCESS_MAILS, kind) && kind !== 'test';
  const groups = Map.groupBy(recipients, ({ state }) => state);
  return new Map(
    Array.from(groups, ([state, rows]) => [
      state,
      rows.map(({ address }) => (isMasked ? maskedAddress(address) : address)),
    ]),
  );
}

/** Where an address is to be looked at. */
function settingsOfStates({ recipients }: Outcome): readonly DecidingSetting[] {
  return recipients.some(({ state }) => stateMeaning(state)?.isAddressSuspect) ? ['recipients'] : [];
}
