import { randomUUID } from 'node:crypto';
import { OUTCOMES_TOPIC } from '#events';
import type { OutcomeItem, OutcomeLog } from '#delivery';
import { cloudEventHeaders } from './cloud-event-headers.ts';
import type { Publisher } from './publisher.ts';

/** A record of `outcomes.v1` is at most that large (contract: Kafka). */
const RECORD_BYTES = 512 * 1024;

/** How long a record waits for more items: one record per event costs more than all the rest of its way. */
const LINGER_MS = 20;

const HEAD = '{"items":[';
const TAIL = ']}';

/** A record that still takes items. */
interface OpenRecord {
  readonly items: string[];
  bytes: number;
  readonly acknowledged: PromiseWithResolvers<void>;
  readonly timer: NodeJS.Timeout;
}

export interface OutcomeLogOptions {
  /** `ce_source` of the records. */
  readonly source: string;
  /** For tests; default 20 ms. */
  readonly lingerMs?: number;
}

/** Joins outcomes to records of at most 512 KB (`outcomes.v1`) and publishes them, spread over the partitions. */
export function createOutcomeLog(
  publisher: Pick<Publisher, 'publish'>,
  options: OutcomeLogOptions,
): OutcomeLog {
  const lingerMs = options.lingerMs ?? LINGER_MS;
  let open: OpenRecord | undefined;

  const seal = (): void => {
    if (!open) return;
    const { items, acknowledged, timer } = open;
    open = undefined;
    clearTimeout(timer);
    const time = Date.now();
    const headers = cloudEventHeaders({
      id: randomUUID(),
      source: options.source,
      type: 'outcomes.v1',
      time,
    });
    const value = Buffer.from(`${HEAD}${items.join(',')}${TAIL}`);
    publisher
      .publish([{ topic: OUTCOMES_TOPIC, key: null, value, headers }])
      .then(acknowledged.resolve, acknowledged.reject);
  };

  /** Puts an item into the open record, after sealing one that has no room for it. */
  const add = (item: OutcomeItem): Promise<void> => {
    const text = JSON.stringify(item);
    const bytes = Buffer.byteLength(text) + 1;
    if (open && open.bytes + bytes > RECORD_BYTES) seal();
    open ??= {
      items: [],
      bytes: HEAD.length + TAIL.length,
      acknowledged: Promise.withResolvers<void>(),
      timer: setTimeout(seal, lingerMs),
    };
    open.items.push(text);
    open.bytes += bytes;
    return open.acknowledged.promise;
  };

  return {
    async publish(items): Promise<void> {
      const records = new Set<Promise<void>>();
      for (const item of items) records.add(add(item));
      await Promise.all(records);
    },
  };
}
