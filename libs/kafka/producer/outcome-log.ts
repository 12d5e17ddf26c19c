import { randomUUID } from 'node:crypto';
import { cloudEventHeaders, OUTCOMES_TOPIC } from '#events';
import type { OutcomeItem, OutcomeLog } from '#delivery';
import type { Publisher } from './publisher.ts';

/** The largest record of `outcomes.v1`. */
const RECORD_BYTES = 512 * 1024;

/** How long a record waits for more items: one record for each event costs more than all its other processing. */
const LINGER_MS = 5;

const HEAD = '{"items":[';
const TAIL = ']}';

/** A record that items can still be added to. */
interface OpenRecord {
  readonly items: string[];
  bytes: number;
  readonly acknowledged: PromiseWithResolvers<void>;
  readonly timer: NodeJS.Timeout;
}

/** Publishes outcomes, joined into `outcomes.v1` records of at most 512 KB and spread over the partitions. */
export function createOutcomeLog(publisher: Pick<Publisher, 'publish'>, source: string): OutcomeLog {
  return new JoiningOutcomeLog(publisher, source);
}

class JoiningOutcomeLog implements OutcomeLog {
  private readonly publisher: Pick<Publisher, 'publish'>;
  private readonly source: string;
  private open: OpenRecord | undefined;

  constructor(publisher: Pick<Publisher, 'publish'>, source: string) {
    this.publisher = publisher;
    this.source = source;
  }

  async publish(items: readonly OutcomeItem[]): Promise<void> {
    const records = new Set<Promise<void>>();
    for (const item of items) records.add(this.add(item));
    await Promise.all(records);
  }

  /** Adds an item to the open record, after sealing one that it does not fit into. */
  private add(item: OutcomeItem): Promise<void> {
    const text = JSON.stringify(item);
    const bytes = Buffer.byteLength(text) + 1;
    if (this.open && this.open.bytes + bytes > RECORD_BYTES) this.seal();
    this.open ??= {
      items: [],
      bytes: HEAD.length + TAIL.length,
      acknowledged: Promise.withResolvers<void>(),
      timer: setTimeout(() => this.seal(), LINGER_MS),
    };
    this.open.items.push(text);
    this.open.bytes += bytes;
    return this.open.acknowledged.promise;
  }

  private seal(): void {
    if (!this.open) return;
    const { items, acknowledged, timer } = this.open;
    this.open = undefined;
    clearTimeout(timer);
    const event = { id: randomUUID(), source: this.source, type: 'outcomes.v1', time: Date.now() };
    const value = Buffer.from(`${HEAD}${items.join(',')}${TAIL}`);
    this.publisher
      .publish([{ topic: OUTCOMES_TOPIC, key: null, value, headers: cloudEventHeaders(event) }])
      .then(acknowledged.resolve, acknowledged.reject);
  }
}
