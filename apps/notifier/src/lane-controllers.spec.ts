import { NestFactory } from '@nestjs/core';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { RecordBatch } from '#delivery';
import { LANE_TOPICS } from '#events';
import { NotifierModule } from './notifier.module.ts';

/** Takes handlers as a lane does, and consumes nothing. */
class IdleStrategy extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }
  close(): void {}
  on(): void {}
  unwrap<T>(): T {
    throw new Error('nothing to unwrap');
  }
}

it('the lanes’ controllers hand every topic’s batch to the one way of an event', async () => {
  const delivered: RecordBatch[] = [];
  const deliver = async (batch: RecordBatch): Promise<object> => {
    delivered.push(batch);
    return {};
  };
  const strategy = new IdleStrategy();
  const app = await NestFactory.createMicroservice(NotifierModule.over({ deliver }), {
    strategy,
    logger: false,
  });
  await app.listen();
  const topics = Object.values(LANE_TOPICS).flat();
  const handlers = strategy.getHandlers();
  expect([...handlers.keys()].toSorted()).toEqual(topics.toSorted());
  for (const topic of topics) await handlers.get(topic)?.({ topic });
  expect(delivered.map(({ topic }) => topic)).toEqual(topics);
  await app.close();
});
