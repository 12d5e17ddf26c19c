import { decodeOutcomes, OUTCOMES_TOPIC, type RawRecord } from '#events';
import type { KafkaView } from './kafka-view.ts';

/** The ids of acknowledged events by topic (without prefix): each must be in the topic's log. */
export class Acknowledged {
  private readonly ids = new Map<string, Set<string>>();

  add(topic: string, id: string): void {
    const ids = this.ids.get(topic) ?? new Set();
    this.ids.set(topic, ids.add(id));
  }

  get count(): number {
    return [...this.ids.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Describes each acknowledged id that is not in the log. */
  async missingIn(kafka: Pick<KafkaView, 'read'>): Promise<string[]> {
    const missing: string[] = [];
    for (const [topic, ids] of this.ids) {
      const logged = new Set((await kafka.read(topic)).flatMap((record) => idsIn(topic, record)));
      for (const id of ids) if (!logged.has(id)) missing.push(`${id}: acknowledged, but not in ${topic}`);
    }
    return missing;
  }
}

/** The event ids in a record: its own in either CloudEvents mode, or those of all the outcomes it holds. */
function idsIn(topic: string, record: RawRecord): string[] {
  if (topic === OUTCOMES_TOPIC) {
    const read = decodeOutcomes(record);
    return read.ok ? read.value.items.map(({ eventId }) => eventId) : [];
  }
  const { ce_id: id, 'content-type': type } = record.headers;
  if (id !== undefined) return [String(id)];
  if (!String(type).startsWith('application/cloudevents+json')) return [];
  return [String((JSON.parse(String(record.value)) as { readonly id?: unknown }).id)];
}
