/** A message that the server accepted. */
export interface Copy {
  readonly address: string;
  readonly messageId: string;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  /** Whether the client got the reply: false when the connection was cut between the final dot and the reply. */
  readonly answered: boolean;
}

/** A refusal of a recipient. */
export interface Refusal {
  readonly address: string;
  readonly code: number;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/**
 * The death of a process or a connection. A mail whose final dot came within the window before it may be sent again,
 * unless its outcome had been published: its reply may not have reached the ledger.
 */
export interface Cut {
  /** `performance.now()`. */
  readonly at: number;
  readonly windowMs: number;
}
