import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { DeliverBatch } from './deliver-batch.ts';

/** Mails about access, and those of them that are tried again; ahead of any backlog (O5). */
@Controller()
export class AccessMailsController {
  private readonly way: DeliverBatch;

  constructor(@Inject(DeliverBatch) way: DeliverBatch) {
    this.way = way;
  }

  @EventPattern('access-mails')
  mails(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }

  @EventPattern('access-retry-5s')
  afterFiveSeconds(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }

  @EventPattern('access-retry-30s')
  afterThirtySeconds(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.way.deliver(batch);
  }
}
