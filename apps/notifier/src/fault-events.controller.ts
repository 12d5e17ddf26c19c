import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { DeliverBatch } from './deliver-batch.ts';

/** Faults of the subscribers' lines and the recoveries from them (R2). */
@Controller()
export class FaultEventsController {
  private readonly way: DeliverBatch;

  constructor(@Inject(DeliverBatch) way: DeliverBatch) {
    this.way = way;
  }

  @EventPattern('fault-events')
  faults(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }
}
