import type { EncodedEvent } from '#events';
import type { SwitchPort } from './switch-port.ts';

/** Publishes events in their order, a line for each once Kafka has acknowledged them. */
export async function publishAndPrint(port: SwitchPort, events: readonly EncodedEvent[]): Promise<void> {
  await port.publish(events);
  for (const { topic, key, headers } of events) {
    port.print(`${headers.ce_type} ${headers.ce_id} → ${topic}, key ${key?.toString() ?? 'none'}`);
  }
}
