import type { AskedServer } from '#operations';
import { ServerAway } from '../outage.ts';

/** How long a server may take to answer an operator's page: whoever is on call does not wait for longer. */
const ANSWER_SECONDS = 5;

/** What a page says of a server that took longer. */
export const NO_ANSWER = `${ANSWER_SECONDS}秒以内に応答がありません`;

/** Resolves or rejects as `ask` does, or rejects with a `ServerAway` when that takes longer than five seconds. */
export function inTime<T>(server: AskedServer, ask: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new ServerAway(server, { seconds: ANSWER_SECONDS })),
    ANSWER_SECONDS * 1_000,
  );
  return Promise.race([ask(), late.promise]).finally(() => clearTimeout(timer));
}
