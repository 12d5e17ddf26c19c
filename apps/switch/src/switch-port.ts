import type { EncodedEvent, RawRecord } from '#events';

/** The outside world, as the commands use it. */
export interface SwitchPort {
  /** Resolves when Kafka has acknowledged every event; rejects when it did not in time. */
  publish(events: readonly EncodedEvent[]): Promise<void>;
  /** Reports what the switch is told, settings and commands, from the first record kept, until `signal` is aborted. */
  follow(onRecord: (record: RawRecord) => void): Promise<void>;
  print(line: string): void;
  /** Epoch milliseconds. */
  now(): number;
  /** Aborted when the switch should stop. */
  readonly signal: AbortSignal;
}

/** Publishes events in their order, a line for each once Kafka has acknowledged them. */
export async function publishAndPrint(port: SwitchPort, events: readonly EncodedEvent[]): Promise<void> {
  await port.publish(events);
  for (const { topic, key, headers } of events) {
    port.print(`${headers.ce_type} ${headers.ce_id} → ${topic}, key ${key?.toString() ?? 'none'}`);
  }
}
