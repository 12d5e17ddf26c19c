import { RETRY_TOPICS, TOPICS, type RetryTopic } from '#events';

/** The retry topics of one ladder with their constant delays, shortest first. */
export type RetryLadder = readonly (readonly [topic: RetryTopic, delayMs: number])[];

/** 10 s, 1 min, 10 min, then 1 h until the deadline. */
export const NOTICE_LADDER = ladder('notice');
/** 5 s, then 30 s until the deadline: a code lives 300 s. */
export const ACCESS_LADDER = ladder('access');

/** When a mail is retried and through which topic; `notBefore` in epoch milliseconds. */
export interface NextTry {
  readonly retryTopic: RetryTopic;
  readonly notBefore: number;
}

/** The next try after `attempts` failed ones, or `undefined` when it would be after the deadline. */
export function nextTry(
  ladder: RetryLadder,
  attempts: number,
  now: number,
  deadline: number,
): NextTry | undefined {
  const step = ladder[Math.min(Math.max(attempts, 1), ladder.length) - 1];
  if (step === undefined) return undefined;
  const [retryTopic, delayMs] = step;
  return now + delayMs < deadline ? { retryTopic, notBefore: now + delayMs } : undefined;
}

/** A claim that outlives the lease of a dead owner is renewed by a living one: the mail server is slow. */
const SLOW_MS = 120_000;

/**
 * The wait of a parked recipient, for the end of somebody else's claim or for an answer: the shortest delay, and the
 * next one when it has waited since `parkedAt` (epoch ms) for longer than a dead owner's claim lives.
 */
export function parkedWait(ladder: RetryLadder, now: number, parkedAt: number): NextTry {
  const [retryTopic, delayMs] = ladder[now - parkedAt < SLOW_MS ? 0 : 1] as RetryLadder[number];
  return { retryTopic, notBefore: now + delayMs };
}

function ladder(name: (typeof TOPICS)[RetryTopic]['ladder']): RetryLadder {
  return RETRY_TOPICS.filter((topic) => TOPICS[topic].ladder === name).map(
    (topic) => [topic, TOPICS[topic].delayMs] as const,
  );
}
