import { ServerKafka } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { BatchResult } from '#delivery';
import { GroupConsumer, type GroupConsumerOptions, type Readiness } from './group-consumer.ts';
import type { BatchHandler } from './process-batch.ts';

/**
 * Nest's transport for a consumer group: its `@EventPattern` handlers get a `RecordBatch` and return a `BatchResult`.
 * They are called once for each batch, because a call for each event is six times slower. Records that a handler did not
 * acknowledge are fetched again, after a second when it threw.
 */
export class KafkaBatchStrategy extends ServerKafka implements CustomTransportStrategy {
  private readonly topics: readonly string[];
  private readonly batchHandlers = new Map<string, BatchHandler>();
  private readonly groupConsumer: GroupConsumer;

  constructor(options: GroupConsumerOptions) {
    const { connection, groupId, topics } = options;
    const client = { brokers: [...connection.brokers], clientId: connection.clientId };
    // Nest appends `-server` to both ids otherwise.
    super({ client, consumer: { groupId }, postfixId: '' });
    this.topics = topics;
    this.groupConsumer = new GroupConsumer(options, this.batchHandlers);
  }

  /** Called by Nest. Joins the group; waits while Kafka is unavailable. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const topic of this.topics) this.batchHandlers.set(topic, this.handlerOf(topic));
      await this.groupConsumer.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Called by Nest at shutdown. Accepts no more batches, ends those in flight, commits, and leaves the group. */
  override async close(): Promise<void> {
    await this.groupConsumer.close();
  }

  /** Stops fetching from every partition within a second, across rebalances, until `resume()`; for circuit breakers. */
  pause(): void {
    this.groupConsumer.setPaused(true);
  }

  resume(): void {
    this.groupConsumer.setPaused(false);
  }

  /** Whether it is a member of its group and can read its partitions. */
  ready(): Readiness {
    return this.groupConsumer.ready();
  }

  /** The number of unacknowledged records in this process's partitions, by topic without prefix. */
  lag(): ReadonlyMap<string, number> {
    return this.groupConsumer.lag();
  }

  /** The age in seconds of the oldest unacknowledged record that was fetched, by topic without prefix; 0 for none. */
  oldestUnackedSeconds(): ReadonlyMap<string, number> {
    return new Map([...this.groupConsumer.oldestUnackedMs()].map(([topic, ms]) => [topic, ms / 1000]));
  }

  /** Looked up once, because Nest's own look-up parses the topic's name as JSON and throws, each time. */
  private handlerOf(topic: string): BatchHandler {
    const handler: MessageHandler | undefined = this.messageHandlers.get(topic);
    if (!handler?.isEventHandler) throw new Error(`topic ${topic}: no @EventPattern('${topic}') handler`);
    if (handler.next) throw new Error(`topic ${topic}: more than one @EventPattern('${topic}') handler`);
    return async (batch) => {
      const answer: unknown = await handler(batch);
      const result: unknown = isObservable(answer)
        ? await lastValueFrom(answer, { defaultValue: undefined })
        : answer;
      return result as BatchResult | undefined;
    };
  }
}
