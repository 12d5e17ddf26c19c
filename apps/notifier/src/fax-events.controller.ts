import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { DeliverBatch } from './deliver-batch.ts';

/** FAXes received for the subscribers' numbers (F1). */
@Controller()
export class FaxEventsController {
  private readonly way: DeliverBatch;

  constructor(@Inject(DeliverBatch) way: DeliverBatch) {
    this.way = way;
  }

  @EventPattern('fax-events')
  faxes(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }
}
