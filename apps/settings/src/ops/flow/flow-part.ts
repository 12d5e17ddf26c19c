import type { Backlog } from '#metrics';
import type { Link } from '#pages';

/** How a part is: `unseen` when it could not be looked at. */
export type Level = 'good' | 'warn' | 'bad' | 'unseen';

/** A part of what flows, as an operator is told. */
export interface FlowPart {
  /** In Japanese. */
  readonly name: string;
  /** The name that logs, metrics and the runbook have for it. */
  readonly technical: string;
  readonly level: Level;
  /** A Japanese sentence. */
  readonly says: string;
  /** Since when, in epoch milliseconds, where somebody knows. */
  readonly since?: number;
  /** When it happened last, in epoch milliseconds. */
  readonly at?: number;
  /** The page that shows more of it. */
  readonly way?: Link;
}

const MINUTE_MS = 60_000;
/** From when on something that waits is to be looked at, and is wrong. */
export const WARN_MS = MINUTE_MS;
export const BAD_MS = 10 * MINUTE_MS;

/** How something that waits since then is. */
function levelSince(since: number, now: number): Level {
  if (now - since >= BAD_MS) return 'bad';
  return now - since >= WARN_MS ? 'warn' : 'good';
}

/** What a part is called, and where more of it is. */
export type NamedPart = Pick<FlowPart, 'name' | 'technical' | 'way'>;

/** A part that nobody could look at, and why. */
export function unseenPart(named: NamedPart, reason: string): FlowPart {
  return { ...named, level: 'unseen', says: `確認できません: ${reason}` };
}

/** What waits to be told to somebody else. */
export function backlogPart(named: NamedPart, { count, oldestAt }: Backlog, now: number): FlowPart {
  if (count === 0) return { ...named, level: 'good', says: '待っているものはありません。' };
  const since = oldestAt ?? now;
  return { ...named, level: levelSince(since, now), says: `${count}件が待っています。`, since };
}

/** A topic's backlog: `calmMs` is how long its records wait by design. */
export function topicPart(
  named: NamedPart,
  { waiting, olderThanMs }: { readonly waiting: number; readonly olderThanMs: readonly number[] },
  calmMs: number,
): FlowPart {
  if (waiting === 0) return { ...named, level: 'good', says: '待っているものはありません。' };
  const counted = `${waiting.toLocaleString('ja-JP')}件が処理中か、待っています。`;
  if (olderThanMs.includes(calmMs + BAD_MS))
    return { ...named, level: 'bad', says: `${counted}予定より10分以上待っているものがあります。` };
  if (olderThanMs.includes(calmMs + WARN_MS))
    return { ...named, level: 'warn', says: `${counted}予定より1分以上待っているものがあります。` };
  return { ...named, level: 'good', says: counted };
}

/** Dead letters that nobody has looked at. */
export function deadLetterPart(named: NamedPart, open: readonly { readonly at: number }[]): FlowPart {
  const [oldest] = open.toSorted((one, other) => one.at - other.at);
  if (!oldest) return { ...named, level: 'good', says: '対応を待っているものはありません。' };
  return { ...named, level: 'warn', says: `${open.length}件が対応を待っています。`, since: oldest.at };
}
