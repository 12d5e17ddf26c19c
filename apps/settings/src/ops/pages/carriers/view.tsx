import type { VNode } from 'preact';
import { Facts, shownDay, shownSecond, type PageContent } from '#pages';
import type { CarrierTally } from '../../../outcomes/recent-outcomes.ts';
import type { Level } from '../../flow/flow-part.ts';
import { OPS_TRAIL } from '../../ops-menu.ts';
import { LevelBadge } from '../../ui/level.tsx';
import { ServerWords, State } from '../../ui/outcome-facts.tsx';

/** A tenth of refusals is more than addresses that no longer exist; a half is the carrier. */
const WARN_SHARE = 0.1;
const BAD_SHARE = 0.5;

/** 通信会社別: what became of the last hour's mails, by the domain that they went to; the worst first. */
export function carriersPage(tallies: readonly CarrierTally[], since: number): PageContent {
  const worstFirst = tallies.toSorted((one, other) => troubleShare(other) - troubleShare(one));
  return {
    heading: '通信会社別',
    trail: OPS_TRAIL,
    body: (
      <>
        <p>
          {`このプロセスが最近1時間に受け取った送信結果です（${shownDay(since)} ${shownSecond(since)}から受け取っています）。1通が遅れてから届くと、2回数えます。長い期間は、ダッシュボードをご確認ください。`}
        </p>
        {tallies.length === 0 && <p>まだ送信結果を受け取っていません。</p>}
        <ul class="flow">
          {worstFirst.map((tally) => (
            <Carrier key={tally.domain} tally={tally} />
          ))}
        </ul>
      </>
    ),
  };
}

const countOf = ({ states }: CarrierTally, state: string): number => states.get(state) ?? 0;
const troubled = (tally: CarrierTally): number =>
  ['deferred', 'bounced', 'expired', 'in-doubt'].reduce((sum, state) => sum + countOf(tally, state), 0);

function troubleShare(tally: CarrierTally): number {
  const all = troubled(tally) + countOf(tally, 'accepted');
  return all === 0 ? 0 : troubled(tally) / all;
}

function levelOf(share: number): Level {
  if (share >= BAD_SHARE) return 'bad';
  return share >= WARN_SHARE ? 'warn' : 'good';
}

function Carrier({ tally }: { tally: CarrierTally }): VNode {
  const { domain, states, lastTrouble } = tally;
  return (
    <li>
      <h2>
        {domain === 'other' ? 'そのほか' : domain} <LevelBadge level={levelOf(troubleShare(tally))} />
      </h2>
      <Facts rows={Array.from(states, ([state, count]) => [`${state}`, `${count}通`] as const)} />
      {lastTrouble && (
        <>
          <p>
            {`${shownSecond(lastTrouble.at)}: `}
            <State state={lastTrouble.state} />
          </p>
          <ServerWords response={lastTrouble.response} />
        </>
      )}
    </li>
  );
}
