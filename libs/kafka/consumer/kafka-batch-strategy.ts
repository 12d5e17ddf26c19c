import { ServerKafka } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { BatchResult } from '#delivery';
import { LaneConsumer } from './lane-consumer.ts';
import type { LaneOptions, Readiness } from './lane-consumer.ts';
import type { BatchHandler } from './work-batch.ts';

/**
 * A lane: one consumer group whose `@EventPattern` handlers get a `RecordBatch` and answer with a `BatchResult`.
 * One call for each batch, because one for each event is six times slower. What a handler did not settle is fetched
 * again; one that throws is tried again after a second.
 */
export class KafkaBatchStrategy extends ServerKafka implements CustomTransportStrategy {
  private readonly laneTopics: readonly string[];
  private readonly batchHandlers = new Map<string, BatchHandler>();
  private readonly lane: LaneConsumer;

  constructor(options: LaneOptions) {
    const { connection, groupId, topics } = options;
    const client = { brokers: [...connection.brokers], clientId: connection.clientId };
    // Nest appends `-server` to both ids otherwise.
    super({ client, consumer: { groupId }, postfixId: '' });
    this.laneTopics = topics;
    this.lane = new LaneConsumer(options, this.batchHandlers);
  }

  /** Called by Nest: joins the group. Waits for Kafka while it is away. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const topic of this.laneTopics) this.batchHandlers.set(topic, this.handlerOf(topic));
      await this.lane.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Called by Nest at shutdown: starts nothing more, waits for what is in work, commits, leaves the group. */
  override async close(): Promise<void> {
    await this.lane.close();
  }

  /** Stops fetching from every partition within a second, whatever rebalances come, until `resume()` (the breaker). */
  pause(): void {
    this.lane.setPaused(true);
  }

  resume(): void {
    this.lane.setPaused(false);
  }

  /** Whether it has joined its group and the group knows of it. */
  ready(): Readiness {
    return this.lane.ready();
  }

  /** Records not yet settled, by topic without prefix, of this process's partitions. */
  lag(): ReadonlyMap<string, number> {
    return this.lane.lag();
  }

  /** Age in seconds of the oldest unsettled record in hand by its Kafka timestamp, by topic without prefix; 0 for none. */
  oldestUnsettledSeconds(): ReadonlyMap<string, number> {
    return new Map([...this.lane.oldestUnsettledMs()].map(([topic, ms]) => [topic, ms / 1000]));
  }

  /** Looked up once: Nest's own look-up parses the topic's name as JSON and throws each time. */
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
