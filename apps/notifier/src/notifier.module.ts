import { type DynamicModule, Module } from '@nestjs/common';
import { AccessMailsController } from './access-mails.controller.ts';
import { CallEventsController } from './call-events.controller.ts';
import { DeliverBatch } from './deliver-batch.ts';
import { FaultEventsController } from './fault-events.controller.ts';
import { FaxEventsController } from './fax-events.controller.ts';
import { NotifyRetryController } from './notify-retry.controller.ts';

/** A controller per topic, all handing their batches to the one way of an event. */
@Module({
  controllers: [
    CallEventsController,
    FaxEventsController,
    FaultEventsController,
    AccessMailsController,
    NotifyRetryController,
  ],
})
export class NotifierModule {
  static over(way: DeliverBatch): DynamicModule {
    return { module: NotifierModule, providers: [{ provide: DeliverBatch, useValue: way }] };
  }
}
