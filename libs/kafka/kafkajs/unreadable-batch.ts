import type { Batch, KafkaMessage } from 'kafkajs';
import { FetchedRecord, FieldReader, type BatchContext } from './fetched-record.ts';
import { encodeRecord } from './patches/encode-record.ts';

/** A record batch that cannot be read now; `message` says which and why. Restarting the client does not help. */
export class UnreadableBatch extends Error {
  /** As it is in Kafka. */
  readonly topic: string;
  readonly partition: number;
  /** The offset of the batch's first record. */
  readonly offset: string;
  /** Read by kafkajs, which would otherwise repeat the fetch silently forever. */
  readonly retriable = false;

  constructor(topic: string, partition: number, offset: string, reason: string) {
    super(`the record batch at ${topic}/${partition}/${offset} cannot be read: ${reason}`);
    this.name = 'UnreadableBatch';
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
  }
}

/** Larger than every offset: kafkajs drops records from before the offset that it fetched from. */
const LAST_OFFSET = '9223372036854775807';
const EMPTY_RECORD = encodeRecord({ key: null, value: null }).buffer;

/** Marks the place of an unreadable batch among the records of a fetch, because only the fetch knows the topic. */
export class UnreadableSentinel extends FetchedRecord {
  readonly reason: string;

  constructor(context: BatchContext, reason: string) {
    super(new FieldReader(EMPTY_RECORD, 0), { ...context, inTransaction: false, isControlBatch: false });
    this.reason = reason;
  }

  override get offset(): string {
    return LAST_OFFSET;
  }
}

/** A batch of kafkajs, with the fields that its type leaves out. */
interface FetchedBatch extends Batch {
  readonly rawMessages: KafkaMessage[];
  readonly messagesWithinOffset: KafkaMessage[];
}

/**
 * Removes the first unreadable batch, and everything behind it, from what was fetched of a partition. The records before
 * it are processed as usual, and the next fetch begins with the unreadable batch. Returns the error when nothing is left.
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
