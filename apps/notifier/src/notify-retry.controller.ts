import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { DeliverBatch } from './deliver-batch.ts';

/** Notices that are tried again. */
@Controller()
export class NotifyRetryController {
  private readonly way: DeliverBatch;

  constructor(@Inject(DeliverBatch) way: DeliverBatch) {
    this.way = way;
  }

  @EventPattern('notify-retry-10s')
  afterTenSeconds(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }

  @EventPattern('notify-retry-1m')
  afterAMinute(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }

  @EventPattern('notify-retry-10m')
  afterTenMinutes(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }

  @EventPattern('notify-retry-1h')
  afterAnHour(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }
}
