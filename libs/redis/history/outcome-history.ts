import type { Outcomes } from '#events';

/** An item of `outcomes.v1`, as stored and returned. */
export type Outcome = Outcomes['items'][number];

export interface OutcomeQuery {
  readonly number: string;
  /** The event's own time in epoch milliseconds, both inclusive. */
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  /** The end of the previous page. */
  readonly cursor?: string;
}

export interface OutcomePage {
  /** Newest first. */
  readonly items: readonly Outcome[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/** Stores the outcomes of events for a while. Rejects with a `RedisError`. */
export interface OutcomeHistory {
  /** Stores outcomes. Of each event the highest sequence counts, in whatever order and however often they arrive. */
  keep(items: readonly Outcome[]): Promise<void>;
  /** Returns a page of a number's outcomes; `undefined` for an invalid cursor. */
  ofNumber(query: OutcomeQuery): Promise<OutcomePage | undefined>;
  /** The outcomes of the event with this id, one for each source that has one, or only of `eventSource`. */
  ofEvent(eventId: string, eventSource?: string): Promise<readonly Outcome[]>;
}
