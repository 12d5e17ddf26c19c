import {
  CompressionTypes,
  createKafka,
  Partitioners,
  type KafkaConnection,
  type Message,
  type Producer,
  type ProducerBatch,
  type RecordMetadata,
} from '../kafkajs/kafka-client.ts';
import { classifyError, KafkaError } from '../kafkajs/kafka-error.ts';
import { sizeOfRecord, splitByBytes, type OutgoingRecord, type RecordHeaders } from './outgoing-record.ts';
import { PublishCall } from './publish-call.ts';
import { RetryingSender, type Outgoing } from './retrying-sender.ts';

export interface PublishOptions {
  /** Stops waiting. The records may have been written nevertheless. */
  readonly signal?: AbortSignal;
  /** How long to keep trying, in milliseconds; 30,000 by default. */
  readonly withinMs?: number;
}

/** Publishes records: everything that we write to Kafka goes through it. */
export interface Publisher {
  /**
   * Resolves when Kafka has acknowledged every record (all in-sync replicas); rejects with a `KafkaError`:
   * `unacknowledged`, `too-large`, `not-authorized`, `closed`. Records for one partition keep their order within a call.
   */
  publish(records: readonly OutgoingRecord[], options?: PublishOptions): Promise<void>;
  /** Waits for pending calls, for 5 s at most, and disconnects. */
  close(): Promise<void>;
}

/** Below the default limit of 1 MiB. A single record that is larger is compressed, because Kafka limits the compressed size. */
const SEND_BYTES = 900_000;

/** Calls within this time are sent together, because a round trip to Kafka costs more. */
const LINGER_MS = 2;

const GIVE_UP_MS = 30_000;

/** How long a closed publisher keeps trying: less than the time that a process has to stop. */
const CLOSE_WITHIN_MS = 5_000;

/** How long a leader may wait for its in-sync replicas. */
const ACKNOWLEDGE_MS = 10_000;

/** Short, because we repeat the sends ourselves. */
const METADATA_RETRY = { retries: 2, initialRetryTime: 100, maxRetryTime: 500 };

/** A kafkajs message with the partition that its partitioner chose, and whether it shall be the one beside its key's. */
type Sent = Message & { chosen?: number; readonly besideKey?: true };

interface OutgoingMessage extends Outgoing {
  readonly message: Sent;
}

/** Creates a publisher, which connects with its first call, so that Kafka may be away now. */
export function createPublisher(connection: KafkaConnection): Publisher {
  const kafka = createKafka(connection, METADATA_RETRY);
  const producer = kafka.producer({
    createPartitioner: createRememberingPartitioner,
    allowAutoTopicCreation: false,
    metadataMaxAge: 30_000,
    retry: { retries: 0 },
  });
  return new JoiningPublisher(producer, connection.topicPrefix);
}

/** Joins calls at about the same time into one send. */
export class JoiningPublisher implements Publisher {
  private readonly producer: Producer;
  private readonly topicPrefix: string;
  private readonly sender = new RetryingSender<OutgoingMessage>((items) => this.sendOnce(items), SEND_BYTES);
  private readonly calls = new Set<Promise<void>>();
  private connected: Promise<void> | undefined;
  private queue: OutgoingMessage[] = [];
  private queuedBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly closeWithinMs: number;
  private closed = false;
  private abandoned = false;

  constructor(producer: Producer, topicPrefix: string, closeWithinMs = CLOSE_WITHIN_MS) {
    this.producer = producer;
    this.topicPrefix = topicPrefix;
    this.closeWithinMs = closeWithinMs;
  }

  publish(records: readonly OutgoingRecord[], options: PublishOptions = {}): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    if (this.closed) return Promise.reject(publisherClosed());
    const call = new PublishCall(records.length, options.withinMs ?? GIVE_UP_MS, options.signal);
    for (const record of records) this.enqueue(record, call);
    if (this.queuedBytes >= SEND_BYTES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), LINGER_MS);
    this.calls.add(call.promise);
    const forget = (): unknown => this.calls.delete(call.promise);
    call.promise.then(forget, forget);
    return call.promise;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.flush();
    const timer = setTimeout(() => (this.abandoned = true), this.closeWithinMs);
    await Promise.allSettled(this.calls);
    clearTimeout(timer);
    await this.producer.disconnect();
  }

  private enqueue(
    { topic, key, value, headers, partition, besideKey }: OutgoingRecord,
    call: PublishCall,
  ): void {
    const message = {
      key,
      value,
      headers: encodable(headers),
      ...(partition === undefined ? {} : { partition }),
      ...(besideKey && { besideKey }),
    };
    const bytes = sizeOfRecord(message);
    this.queue.push({ topic: this.topicPrefix + topic, bytes, call, message });
    this.queuedBytes += bytes;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.queue.length === 0) return;
    const groups = splitByBytes(this.queue, SEND_BYTES);
    this.queue = [];
    this.queuedBytes = 0;
    void this.sendInOrder(groups);
  }

  private async sendInOrder(groups: readonly (readonly OutgoingMessage[])[]): Promise<void> {
    for (const group of groups) await this.sender.deliver(group);
  }

  private async sendOnce(items: readonly OutgoingMessage[]): Promise<void> {
    if (this.abandoned) throw publisherClosed();
    await this.connect();
    const byTopic = Map.groupBy(items, ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, of]) => ({
      topic,
      messages: of.map(({ message }) => message),
    }));
    const send = (compression: NonNullable<ProducerBatch['compression']>): Promise<RecordMetadata[]> =>
      this.producer.sendBatch({ acks: -1, timeout: ACKNOWLEDGE_MS, compression, topicMessages });
    const { GZIP, None } = CompressionTypes;
    const isLarge = items.length === 1 && items.some(({ bytes }) => bytes > SEND_BYTES);
    const answers = await send(isLarge ? GZIP : None).catch((error: unknown) => {
      // The topic may have a lower limit than others.
      if (isLarge || items.length > 1 || classifyError(error).code !== 'too-large') throw error;
      return send(GZIP);
    });
    const written = new Set(answers.map(({ topicName, partition }) => `${topicName}/${partition}`));
    const left = items.find(({ topic, message }) => !written.has(`${topic}/${message.chosen}`));
    if (left) throw leftOut(left);
  }

  private connect(): Promise<void> {
    this.connected ??= this.producer.connect().catch((error: unknown) => {
      this.connected = undefined;
      throw error;
    });
    return this.connected;
  }
}

function publisherClosed(): KafkaError {
  return new KafkaError('closed', 'the publisher is closed', { retryable: false });
}

/** kafkajs resolves even when it skipped records of an unknown partition, or of one whose leader moved (#1303). */
function leftOut({ topic, message }: OutgoingMessage): KafkaError {
  return new KafkaError('kafka', `Kafka: nothing written to ${topic}/${message.chosen}`, { retryable: true });
}

/** kafkajs' own partitioner, noting its choice in each message, to be compared with the acknowledgements. */
export function createRememberingPartitioner(): ReturnType<typeof Partitioners.DefaultPartitioner> {
  const choose = Partitioners.DefaultPartitioner();
  return (args) => {
    const sent: Sent = args.message;
    const ofKey = choose(args);
    const partition = sent.besideKey ? (ofKey + 1) % args.partitionMetadata.length : ofKey;
    sent.chosen = partition;
    return partition;
  };
}

/** Leaves out undefined headers. kafkajs' types do not allow null, but our encoder writes it. */
function encodable(headers: RecordHeaders): Record<string, Buffer | string | (Buffer | string)[]> {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Record<string, Buffer | string | (Buffer | string)[]>;
}
