import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { DeliverBatch } from './deliver-batch.ts';

/** Calls on the subscribers' numbers (C1). */
@Controller()
export class CallEventsController {
  private readonly way: DeliverBatch;

  constructor(@Inject(DeliverBatch) way: DeliverBatch) {
    this.way = way;
  }

  @EventPattern('call-events')
  calls(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }
}
