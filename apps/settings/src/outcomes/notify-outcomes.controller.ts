import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { decodeOutcomes, eventFields, OUTCOMES_TOPIC } from '#events';
import type { Logger } from '#platform';
import { KEEP_OUTCOMES, LOGGER } from '../tokens.ts';
import type { KeepOutcomes } from './keep-outcomes.ts';
import { PassOnErrors } from './pass-on-errors.ts';

/** Keeps the history of outcomes as the notifier publishes them. */
@Controller()
@UseFilters(PassOnErrors)
export class NotifyOutcomesController {
  readonly #keep: KeepOutcomes;
  readonly #logger: Logger;

  constructor(@Inject(KEEP_OUTCOMES) keep: KeepOutcomes, @Inject(LOGGER) logger: Logger) {
    this.#keep = keep;
    this.#logger = logger;
  }

  /** A rejection leaves the batch unacknowledged: it is read again when Redis is back. */
  @EventPattern(OUTCOMES_TOPIC)
  async outcomes(@Payload() batch: RecordBatch): Promise<BatchResult> {
    for (const record of batch.records) {
      if (batch.signal.aborted) return {};
      const read = decodeOutcomes(record);
      if (read.ok) await this.#keep(read.value.items);
      else
        this.#logger.warn(
          {
            problems: read.problems,
            ...eventFields(record),
            partition: record.partition,
            offset: record.offset,
          },
          'an outcome that cannot be read',
        );
      batch.ack(record);
    }
    return {};
  }
}
