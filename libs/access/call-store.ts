/**
 * Keeps what a call has come to between its steps, as text, for 10 minutes after its last change. Both methods reject
 * when the store fails, with an error whose `retryable` says whether retrying can help.
 */
export interface CallStore {
  /** The text of the call with this id; undefined when there is none, or no longer. */
  read(id: string): Promise<string | undefined>;
  /**
   * Replaces the text that was read (undefined: none) by another. False when somebody else was faster; equal texts count
   * as written, whoever wrote them.
   */
  swap(id: string, before: string | undefined, after: string): Promise<boolean>;
}
