import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { FAX_EVENTS_TOPIC } from '#events';
import { PassOnErrors } from '../outcomes/pass-on-errors.ts';
import { KEEP_FAXES } from '../tokens.ts';
import type { KeepFaxes } from './keep-faxes.ts';

/** Keeps the index of received FAXes as the switch reports them (F2). */
@Controller()
@UseFilters(PassOnErrors)
export class FaxEventsController {
  readonly #keep: KeepFaxes;

  constructor(@Inject(KEEP_FAXES) keep: KeepFaxes) {
    this.#keep = keep;
  }

  /** A rejection leaves the batch unacknowledged: it is read again when Redis is back. */
  @EventPattern(FAX_EVENTS_TOPIC)
  async faxes(@Payload() batch: RecordBatch): Promise<BatchResult> {
    if (batch.signal.aborted) return {};
    await this.#keep(batch.records);
    for (const record of batch.records) batch.ack(record);
    return {};
  }
}
