/**
 * The baseline from Nest's documentation: its own Kafka server and an `@EventPattern` handler that does nothing, with the
 * same partition concurrency as the others. Arguments: brokers, topic, number of records. Prints `{ "events", "seconds" }`
 * for the records after the first third, which is more than one fetch. Decorators are applied as functions, because this
 * file runs with type stripping.
 */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { logLevel } from 'kafkajs';

const [brokers = '', topic = '', count = '0'] = process.argv.slice(2);
const first = Math.floor(Number(count) / 3);
const done = Promise.withResolvers<void>();
let events = 0;
let started = 0;

class CallsController {
  calls(): void {
    events += 1;
    if (events === first) started = performance.now();
    if (events === Number(count)) done.resolve();
  }
}
const descriptor = Object.getOwnPropertyDescriptor(CallsController.prototype, 'calls') ?? {};
EventPattern(topic)(CallsController.prototype, 'calls', descriptor);
Controller()(CallsController);

class RootModule {}
Module({ controllers: [CallsController] })(RootModule);

const app = await NestFactory.createMicroservice<MicroserviceOptions>(RootModule, {
  transport: Transport.KAFKA,
  options: {
    client: { clientId: 'stock', brokers: brokers.split(','), logLevel: logLevel.NOTHING },
    consumer: { groupId: `stock-${process.pid}-${Date.now()}` },
    subscribe: { fromBeginning: true },
    run: { partitionsConsumedConcurrently: 12 },
  },
  logger: false,
});
await app.listen();
await done.promise;
const seconds = (performance.now() - started) / 1000;
process.stdout.write(`${JSON.stringify({ events: Number(count) - first, seconds })}\n`);
await app.close();
