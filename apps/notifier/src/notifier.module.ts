import { type DynamicModule, Module } from '@nestjs/common';
import {
  AccessLaneController,
  DeliverBatch,
  MainLaneController,
  RetryLaneController,
} from './lane-controllers.ts';

/** A controller per lane, all handing their batches to the same delivery pipeline. */
@Module({ controllers: [AccessLaneController, MainLaneController, RetryLaneController] })
export class NotifierModule {
  static over(way: DeliverBatch): DynamicModule {
    return { module: NotifierModule, providers: [{ provide: DeliverBatch, useValue: way }] };
  }
}
