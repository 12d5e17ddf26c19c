import type { OutgoingRecord } from '../outgoing-record.ts';

/** A publisher in memory, with what it has taken. */
export interface Collecting {
  readonly sent: OutgoingRecord[];
  publish(records: readonly OutgoingRecord[]): Promise<void>;
}

/** A publisher that takes every call, except where `refuse` throws. */
export function collecting(refuse?: (records: readonly OutgoingRecord[]) => void): Collecting {
  const sent: OutgoingRecord[] = [];
  return {
    sent,
    publish: async (records) => {
      refuse?.(records);
      sent.push(...records);
    },
  };
}
