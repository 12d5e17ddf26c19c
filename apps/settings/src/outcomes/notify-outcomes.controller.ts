import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { BatchResult, RecordBatch } from '#delivery';
import { decodeOutcomes } from '#events';
import type { Logger } from '#platform';
import type { OutcomeHistory } from '#redis';
import { LOGGER, OUTCOME_HISTORY } from '../tokens.ts';

/** Keeps the history of outcomes as the notifier publishes them. */
@Controller()
export class NotifyOutcomesController {
  readonly #history: OutcomeHistory;
  readonly #logger: Logger;

  constructor(@Inject(OUTCOME_HISTORY) history: OutcomeHistory, @Inject(LOGGER) logger: Logger) {
    this.#history = history;
    this.#logger = logger;
  }

  /** A rejection leaves the batch unsettled: Kafka hands it over again when Redis is back. */
  @EventPattern('notify-outcomes')
  async outcomes(@Payload() batch: RecordBatch): Promise<BatchResult> {
    for (const record of batch.records) {
      if (batch.signal.aborted) return {};
      const read = decodeOutcomes(record);
      if (read.ok) await this.#history.keep(read.value.items);
      else
        this.#logger.warn(
          { problems: read.problems, offset: record.offset },
          'an outcome that cannot be read',
        );
      batch.settled(record);
    }
    return {};
  }
}
