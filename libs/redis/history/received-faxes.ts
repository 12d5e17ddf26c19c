import type { FaxEvent } from '#events';

/** A FAX that a number received, as the switch reported it. Times are epoch milliseconds. */
export type ReceivedFax = Pick<
  FaxEvent,
  'calledNumber' | 'lineNumber' | 'at' | 'sender' | 'pages' | 'complete' | 'documentId'
>;

/** The index of received FAXes (F2). The documents lie elsewhere. Rejects with a `RedisError`. */
export interface ReceivedFaxes {
  /** Stores FAXes; an event that comes again is the same FAX. */
  keep(faxes: readonly FaxEvent[]): Promise<void>;
  /** The FAXes of the last 30 days that belong to the number's current contract, newest first. */
  ofNumber(number: string): Promise<readonly ReceivedFax[]>;
}
