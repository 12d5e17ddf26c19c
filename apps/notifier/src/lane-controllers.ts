import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { LANE_TOPICS } from '#events';

/** Nest's token for the delivery pipeline; the controllers hand it their batches. */
export abstract class DeliverBatch {
  abstract deliver(batch: RecordBatch): Promise<BatchResult>;
}

/** Mails about access and their retries: ahead of any backlog (O5). */
@Controller()
export class AccessLaneController {
  readonly #way: DeliverBatch;

  constructor(@Inject(DeliverBatch) way: DeliverBatch) {
    this.#way = way;
  }

  @EventPattern(LANE_TOPICS.access)
  deliver(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.#way.deliver(batch);
  }
}

/** Calls (C1), FAXes (F1), faults and recoveries (R2). */
@Controller()
export class MainLaneController {
  readonly #way: DeliverBatch;

  constructor(@Inject(DeliverBatch) way: DeliverBatch) {
    this.#way = way;
  }

  @EventPattern(LANE_TOPICS.main)
  deliver(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.#way.deliver(batch);
  }
}

/** Retries of notices. */
@Controller()
export class RetryLaneController {
  readonly #way: DeliverBatch;

  constructor(@Inject(DeliverBatch) way: DeliverBatch) {
    this.#way = way;
  }

  @EventPattern(LANE_TOPICS.retry)
  deliver(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return this.#way.deliver(batch);
  }
}
