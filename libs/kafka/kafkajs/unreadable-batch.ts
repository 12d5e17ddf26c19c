import type { Batch, KafkaMessage } from 'kafkajs';
import { FetchedRecord, FieldReader, type BatchContext } from './fetched-record.ts';
import { encodeRecord } from './patches/encode-record.ts';

/** A record batch of a partition that cannot be read now; `message` says which and why. No restart of a client mends it. */
export class UnreadableBatch extends Error {
  /** As it is in Kafka. */
  readonly topic: string;
  readonly partition: number;
  /** Of the batch's first record. */
  readonly offset: string;
  /** Read by kafkajs: it would repeat the fetch for ever, and say nothing. */
  readonly retriable = false;

  constructor(topic: string, partition: number, offset: string, reason: string) {
    super(`the record batch at ${topic}/${partition}/${offset} cannot be read: ${reason}`);
    this.name = 'UnreadableBatch';
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
  }
}

/** Behind every offset, so that kafkajs does not take it for a record from before what it asked for. */
const LAST_OFFSET = '9223372036854775807';
const NOTHING = encodeRecord({ key: null, value: null }).buffer;

/** Stands among a fetch's records in the place of a batch that cannot be read: only the fetch knows its topic. */
export class UnreadableSentinel extends FetchedRecord {
  readonly reason: string;

  constructor(context: BatchContext, reason: string) {
    super(new FieldReader(NOTHING, 0), { ...context, inTransaction: false, isControlBatch: false });
    this.reason = reason;
  }

  override get offset(): string {
    return LAST_OFFSET;
  }
}

/** What kafkajs' batches hold besides what their type tells. */
interface FetchedBatch extends Batch {
  readonly rawMessages: KafkaMessage[];
  readonly messagesWithinOffset: KafkaMessage[];
}

/**
 * Takes out of what a partition's fetch brought all from the first unreadable batch on. What comes before it is worked as
 * usual, and the next fetch begins with the batch; answers with the error when this one did.
 */
export function truncateAtUnreadable(fetched: Batch): UnreadableBatch | undefined {
  const { topic, partition, rawMessages, messagesWithinOffset, messages } = fetched as FetchedBatch;
  const mark = rawMessages.find((one) => one instanceof UnreadableSentinel);
  if (mark === undefined) return undefined;
  for (const list of [rawMessages, messagesWithinOffset, messages]) list.splice(list.indexOf(mark));
  if (messagesWithinOffset.length > 0) return undefined;
  const { batchContext, reason } = mark;
  return new UnreadableBatch(topic, partition, batchContext.firstOffset, reason);
}
