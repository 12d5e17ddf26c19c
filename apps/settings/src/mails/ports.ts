/** Bounds test mails, so that nobody can flood somebody with them (C12): 5 an hour to an address, 20 a day for a number. */
export interface TestMailLimits {
  /** Counts one, or says how long to wait until it would be counted. A refused one does not count. */
  take(
    number: string,
    address: string,
  ): Promise<
    | { readonly ok: true }
    | { readonly ok: false; readonly limit: 'number' | 'address'; readonly retryAfterSeconds: number }
  >;
}

/** Remembers which requests came with which `Idempotency-Key`. */
export interface IdempotencyKeys {
  /**
   * `first` for a key not seen, `repeat` for one seen with the same fingerprint, `other` with another one;
   * `done` when `finish` was called for it.
   */
  begin(client: string, key: string, fingerprint: string): Promise<'first' | 'repeat' | 'done' | 'other'>;
  /** What the key asked for has happened: a repeat has nothing left to do. */
  finish(client: string, key: string): Promise<void>;
}
