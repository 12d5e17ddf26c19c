import type { Outcome } from '#redis';
import type { RecentOutcomes } from '../../outcomes/recent-outcomes.ts';
import { unseenPart, WARN_MS, type FlowPart } from './flow-part.ts';

type Seen = ReturnType<RecentOutcomes['newest']>[number];

/** As long as the alert NothingAccepted waits. */
const PATIENCE_MS = 5 * 60_000;
/** As many addresses in a row are refused before that is no longer about them; the circuit breaker thinks so, too. */
const REFUSED_IN_A_ROW = 3;

const NAMED = {
  name: '最後に受け取られたメール',
  technical: 'notify_last_accepted_timestamp_seconds',
  way: { href: '/ops/carriers', text: '通信会社別に見る' },
};

/**
 * The last mail that was accepted, judged by what came since and not by its age: a night without calls is no trouble.
 * `newest` are outcomes, the newest first; `isLate`: whether events that came in wait for longer than they should.
 */
export function acceptedPart(newest: readonly Seen[], isLate: boolean, now: number): FlowPart {
  const index = newest.findIndex(({ outcome }) => hasState(outcome, ['accepted']));
  const since = (index < 0 ? newest : newest.slice(0, index)).filter(({ outcome }) => isOwed(outcome));
  const last = newest[index];
  if (!last)
    return since.length > 0
      ? { ...NAMED, level: 'warn', says: '最近の送信結果に、受け取られたメールがありません。' }
      : unseenPart(NAMED, '最近の送信結果に、メールを送るものがありません');
  const part = { ...NAMED, at: last.seenAt };
  const taken = 'メールサーバーが受け取りました。';
  if (isTroubled(since, now))
    return {
      ...part,
      level: 'warn',
      says: `${taken}この後、メールを送るイベントが${since.length}件ありましたが、受け取られたメールはありません。`,
    };
  if (isLate && now - last.seenAt >= WARN_MS)
    return { ...part, level: 'warn', says: `${taken}この後、受付を待っているイベントがあります。` };
  const quiet = since.length === 0 && now - last.seenAt >= PATIENCE_MS;
  return {
    ...part,
    level: 'good',
    says: quiet ? `${taken}この後、メールを送るイベントはありません。` : taken,
  };
}

const hasState = ({ recipients }: Outcome, states: readonly string[]): boolean =>
  recipients.some(({ state }) => states.includes(state));

/** What the mail server should have accepted, and has not. */
const isOwed = (outcome: Outcome): boolean =>
  hasState(outcome, ['deferred', 'bounced', 'expired', 'in-doubt']);

/** Whether mails are not accepted for long enough, and not just because an address no longer exists. */
function isTroubled(since: readonly Seen[], now: number): boolean {
  const [oldest] = since.slice(-1);
  if (!oldest || now - oldest.seenAt < PATIENCE_MS) return false;
  if (since.some(({ outcome }) => hasState(outcome, ['deferred', 'expired', 'in-doubt']))) return true;
  const refused = since.flatMap(({ outcome }) => outcome.recipients.map(({ address }) => address));
  return new Set(refused).size >= REFUSED_IN_A_ROW;
}
