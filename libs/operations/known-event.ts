import type { Outcome, ReadRow, ReadTable } from '#redis';

/** An event's state for each recipient: from the ledger, or as far as Kafka knows it. */
export interface EventTable extends ReadTable {
  readonly rows: readonly (ReadRow & {
    /** Known from Kafka only: parked until an answer comes or another claim expires. */
    readonly isParked?: boolean;
  })[];
}

/** What is known of an event: its outcome, when that was published (epoch ms), and the more detailed table. */
export interface KnownEvent {
  readonly outcome?: Outcome;
  readonly toldAt?: number;
  readonly table?: EventTable;
}

/** Whether one of its mails still has to be sent, as far as is known. */
export function waitsForMail({ outcome, table }: KnownEvent): boolean {
  const rows: readonly { readonly state: string }[] = table?.rows ?? outcome?.recipients ?? [];
  return rows.some(({ state }) => state === 'open' || state === 'deferred');
}
