import type { Outcomes } from '#events';

/** An item of `outcomes.v1` as it is kept and answered. */
export type Outcome = Outcomes['items'][number];

export interface OutcomeQuery {
  readonly number: string;
  /** Epoch milliseconds, both inclusive; by the event's own time. */
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}

export interface OutcomePage {
  /** Newest first. */
  readonly items: readonly Outcome[];
  /** `null` when there is no more. */
  readonly nextCursor: string | null;
}

/** What became of events, kept for a while. Rejects with a `RedisError`. */
export interface OutcomeHistory {
  /** Of one event the highest sequence counts, in whatever order and however often they come. */
  keep(items: readonly Outcome[]): Promise<void>;
  /** `undefined` for a cursor that is none. */
  ofNumber(query: OutcomeQuery): Promise<OutcomePage | undefined>;
  /** The outcome of the event, of each source that has one of that id; of the one source when it is named. */
  ofEvent(eventId: string, eventSource?: string): Promise<readonly Outcome[]>;
}
