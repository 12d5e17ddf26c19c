import type { EncodedEvent, RawRecord } from '#events';

/** What the commands need of the world. */
export interface SwitchPort {
  /** Resolves when Kafka has acknowledged every event; rejects when it did not in time. */
  publish(events: readonly EncodedEvent[]): Promise<void>;
  /** Tells each command to the switch, from the first one kept, until `signal` is aborted. */
  follow(onRecord: (record: RawRecord) => void): Promise<void>;
  print(line: string): void;
  /** Epoch milliseconds. */
  now(): number;
  /** Aborted when somebody wants the switch to stop. */
  readonly signal: AbortSignal;
}

/** Publishes events in their order, a line for each once Kafka has acknowledged them. */
export async function publishAndPrint(port: SwitchPort, events: readonly EncodedEvent[]): Promise<void> {
  await port.publish(events);
  for (const { topic, key, headers } of events) {
    port.print(`${headers.ce_type} ${headers.ce_id} → ${topic}, key ${key?.toString() ?? 'none'}`);
  }
}
