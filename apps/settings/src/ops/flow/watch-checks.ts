import { setTimeout as pause } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { notReadyBecause, type ReadyCheck } from '#platform';
import type { FlowPart } from './flow-part.ts';

/** A server that this process needs, by the name of its check. */
export interface WatchedCheck {
  readonly check: string;
  /** Why it cannot be used; absent while it can. */
  readonly reason?: string;
  /** Since when it is so, as far as it was looked at, in epoch milliseconds. */
  readonly since: number;
}

/** Looks at checks again and again, so that it is known since when one fails. */
export interface CheckWatch {
  /** Looks now. Never rejects. */
  look(): Promise<readonly WatchedCheck[]>;
}

/** Watches these checks; `now` is in epoch milliseconds. */
export function watchChecks(
  checks: Readonly<Record<string, ReadyCheck>>,
  registry: Registry,
  now: () => number,
): CheckWatch {
  const states = new Map<string, WatchedCheck>();
  return {
    async look() {
      const reasons = new Map(
        (await notReadyBecause({ checks, registry })).map(({ check, reason }) => [check, reason]),
      );
      for (const check of Object.keys(checks)) {
        const [before, reason] = [states.get(check), reasons.get(check)];
        const isSame = before !== undefined && (before.reason === undefined) === (reason === undefined);
        states.set(check, {
          check,
          ...(reason !== undefined && { reason }),
          since: isSame ? before.since : now(),
        });
      }
      return [...states.values()];
    },
  };
}

const LOOK_EVERY_MS = 10_000;

/** Looks every ten seconds, not at once: when a process starts, its connections are not there yet. Resolves after the signal. */
export async function keepLooking(watch: CheckWatch, signal: AbortSignal): Promise<void> {
  for (;;) {
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await watch.look();
  }
}

const NAMES: Readonly<Record<string, string>> = {
  redis: 'Redis（設定・ログイン・送信台帳）',
  kafka: 'Kafka（送信結果の受信）',
  history: 'お知らせ履歴の保存',
};

/** A check as an operator is told. */
export function checkPart({ check, reason, since }: WatchedCheck): FlowPart {
  const named = { name: NAMES[check] ?? check, technical: check };
  return reason === undefined
    ? { ...named, level: 'good', says: '使えます。', since }
    : { ...named, level: 'bad', says: `使えません: ${reason}`, since };
}
