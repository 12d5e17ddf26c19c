/** What a record of ours says of itself (CloudEvents 1.0, Kafka's binary mode). */
export interface CloudEventAttributes {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** The headers of a record in binary mode. */
export function cloudEventHeaders(event: CloudEventAttributes): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    ce_time: new Date(event.time).toISOString(),
    'content-type': 'application/json',
  };
}
