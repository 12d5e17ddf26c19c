import 'reflect-metadata';
import { Controller, Inject, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { createPublisher, KafkaBatchStrategy, type KafkaConnection, type Publisher } from '#kafka';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testAdmin } from '../support/kafka.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

export type Handler = (batch: RecordBatch) => Promise<BatchResult | undefined> | Promise<void>;

const HANDLER = Symbol('handler');

@Controller()
class CallsController {
  private readonly handler: Handler;

  constructor(@Inject(HANDLER) handler: Handler) {
    this.handler = handler;
  }

  @EventPattern('call-events')
  calls(batch: RecordBatch): Promise<BatchResult | undefined | void> {
    return this.handler(batch);
  }
}

/** A controller without a handler for the topic. */
@Controller()
class NoController {}

/** What a consumer logged. */
interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** Topics, groups and a publisher of one test, apart from every other. */
export interface ConsumerTest {
  readonly connection: KafkaConnection;
  readonly lines: LogLine[];
  readonly publisher: Publisher;
  readonly groupId: string;
}

/** Creates `call-events` with a prefix of its own; all is removed after the file. */
export async function prepareConsumer(partitions = 3): Promise<ConsumerTest> {
  const topicPrefix = `${uniqueName('consumer')}-`;
  await createTopic(`${topicPrefix}call-events`, partitions);
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (fields: object, message: string): void =>
      void lines.push({ level, fields, message });
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const connection = { brokers: kafkaBrokers(), clientId: 'consumer-test', ssl: false, topicPrefix, log };
  const publisher = createPublisher(connection);
  closeLater(() => publisher.close());
  return { connection, lines, publisher, groupId: `${topicPrefix}group` };
}

/** Does not wait for leaders as kafkajs does, which fails while the broker has not heard of the topic. */
async function createTopic(topic: string, numPartitions: number): Promise<void> {
  const admin = await testAdmin();
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions }] });
  closeLater(async () => {
    const known = await admin.listTopics();
    if (known.includes(topic)) await admin.deleteTopics({ topics: [topic] });
  });
  await eventually(() => admin.fetchTopicMetadata({ topics: [topic] }));
}

/** A consumer that runs. */
export interface RunningConsumer {
  readonly strategy: KafkaBatchStrategy;
  /** As Nest does on SIGTERM. */
  close(): Promise<void>;
}

/** Starts a Nest app whose one controller gives its batches to `handler`; closed after the file when not before. */
export async function startConsumer(test: ConsumerTest, handler: Handler | 'none'): Promise<RunningConsumer> {
  const { connection, groupId } = test;
  const strategy = new KafkaBatchStrategy({
    connection,
    groupId,
    topics: ['call-events'],
  });
  @Module({
    controllers: [handler === 'none' ? NoController : CallsController],
    providers: [{ provide: HANDLER, useValue: handler }],
  })
  class ConsumerModule {}
  const app = await NestFactory.createMicroservice(ConsumerModule, { strategy, logger: false });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= closeApp(app));
  closeLater(close);
  await app.listen();
  return { strategy, close };
}

async function closeApp(app: INestMicroservice): Promise<void> {
  await app.close();
}

/** Publishes events `from` to `to` (not included), one key each unless told the partition. */
export async function publishEvents(
  { publisher }: ConsumerTest,
  from: number,
  to: number,
  partition?: number,
): Promise<void> {
  await publisher.publish(
    Array.from({ length: to - from }, (_, index) => ({
      topic: 'call-events',
      key: `key ${from + index}`,
      value: String(from + index),
      headers: { ce_id: `e${from + index}` },
      ...(partition === undefined ? {} : { partition }),
    })),
  );
}

/** The number of an event published here. */
export function numberOf(record: { readonly value: Buffer | null }): number {
  return Number(String(record.value));
}
