import { randomUUID } from 'node:crypto';
import { encodeEvent, japanTime, type EncodedEvent, type OperatorAction, type RecordedAction } from '#events';
import type { ActionOutbox } from '#redis';

/** An action before it is known what became of it. */
export type BegunAction = Pick<OperatorAction, 'action' | 'by' | 'door' | 'address' | 'subject'>;

/** Records what operators do (ADR 0033). Redis keeps a record until Kafka has it. */
export interface ActionLog {
  /**
   * Carries out an action and records it: before it as begun, after it with its result. What `work` throws is thrown on;
   * `codeOf` says why it was refused, `undefined` when it may have been done all the same. Nothing is done when it cannot be
   * recorded: rejects with a `RedisError`, or `ActionsUntold`.
   */
  carryOut<T>(
    action: BegunAction,
    work: () => Promise<T>,
    codeOf: (error: unknown) => string | undefined,
  ): Promise<T>;
  /**
   * Records what has been decided. Rejects with a `RedisError`, or `ActionsUntold`: then it must not come into force.
   */
  note(action: BegunAction & Pick<OperatorAction, 'result' | 'code'>): Promise<void>;
}

/** There are too many records that Kafka has not got yet. */
class ActionsUntold extends Error {
  override readonly name = 'ActionsUntold';
  readonly code = 'actions-untold';
  readonly retryable = true;

  constructor() {
    super('recording what an operator does: too many records wait for Kafka');
  }
}

/** What the log is made of. */
export interface ActionLogDeps {
  readonly outbox: Pick<ActionOutbox, 'add' | 'replace'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** So many records wait for Kafka at most: about 40 MB of Redis. */
const MOST_UNTOLD = 100_000;
/** What strangers can cause has half of the room, so that nobody keeps operators from their work by trying to log in. */
const MOST_REFUSED = MOST_UNTOLD / 2;
/** After this an action without a result is told as one of which it is not known: its process may have died. */
const LONGEST_ACTION_MS = 60_000;

/** The log of a process that has Redis. Somebody has to call `tellActions` again and again. */
export function createActionLog({ outbox, now }: ActionLogDeps): ActionLog {
  const begin = (begun: BegunAction): RecordedAction => ({
    ...begun,
    id: randomUUID(),
    at: now(),
    result: 'unknown',
  });
  return {
    async carryOut(begun, work, codeOf) {
      const unknown = begin(begun);
      if (!(await outbox.add(JSON.stringify(unknown), { delayMs: LONGEST_ACTION_MS, limit: MOST_UNTOLD })))
        throw new ActionsUntold();
      const finish = (how: Pick<OperatorAction, 'result' | 'code'>): Promise<void> =>
        // What fails here is told as unknown, which is true.
        outbox
          .replace(JSON.stringify(unknown), JSON.stringify({ ...unknown, ...how }))
          .catch(() => undefined);
      try {
        const result = await work();
        await finish({ result: 'done' });
        return result;
      } catch (error) {
        const code = codeOf(error);
        await finish(code === undefined ? { result: 'unknown' } : { result: 'refused', code });
        throw error;
      }
    },
    async note(action) {
      const limit = action.result === 'refused' ? MOST_REFUSED : MOST_UNTOLD;
      const text = JSON.stringify({ ...begin(action), ...action });
      if (!(await outbox.add(text, { delayMs: 0, limit }))) throw new ActionsUntold();
    },
  };
}

const EVENT_SOURCE = '/denwa-notify/operations';

/** The record of an action for Kafka. */
export function encodeAction({ id, at, subject, ...action }: RecordedAction): EncodedEvent {
  return encodeEvent({
    type: 'operator-action.v1',
    source: EVENT_SOURCE,
    id,
    time: at,
    key: subject,
    data: { ...action, subject, at: japanTime(at) },
  });
}
