/** A message that the server took. */
export interface Copy {
  readonly address: string;
  readonly messageId: string;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  /** Whether the client could learn of it: false when the connection was cut between the final dot and its answer. */
  readonly answered: boolean;
}

/** A refusal with a code, by recipient. */
export interface Refusal {
  readonly address: string;
  readonly code: number;
}

/**
 * The death of a process or a connection. A mail whose final dot came within the window before it, and that no outcome
 * had told yet, may come again: its answer may not have found its place in the ledger.
 */
export interface Cut {
  /** `performance.now()`. */
  readonly at: number;
  readonly windowMs: number;
}
