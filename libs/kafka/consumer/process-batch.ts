import type { BatchResult, RecordBatch } from '#delivery';
import { classifyError } from '../kafkajs/kafka-error.ts';
import type { KafkaLog } from '../kafkajs/kafka-log.ts';
import type { InFlightBatch } from './in-flight-batch.ts';

/** Processes a batch, or throws. Returning nothing is the same as returning an empty result. */
export type BatchHandler = (batch: RecordBatch) => Promise<BatchResult | undefined>;

export interface BatchHandlers {
  /** By topic without prefix. */
  readonly handlers: ReadonlyMap<string, BatchHandler>;
  readonly log: KafkaLog;
}

/** How long a partition is paused after its handler threw or acknowledged nothing. */
const AFTER_FAILURE_MS = 1_000;

/**
 * Has a batch processed by its handler, and waits no longer than the batch allows. Resolves with the time from which
 * unacknowledged records may be fetched again (epoch ms, 0 for at once). Never rejects.
 */
export async function processBatch(options: BatchHandlers, batch: InFlightBatch): Promise<number> {
  if (batch.records.length === 0) return 0;
  const { topic, partition } = batch;
  const abandoned = batch.abandoned.then((): BatchResult => {
    options.log.warn({ topic, partition }, 'work did not end in time and is left alone');
    return {};
  });
  const { resumeAt } = await Promise.race([callHandler(options, batch), abandoned]);
  if (resumeAt !== undefined) return resumeAt;
  return batch.ackedInOrder === 0 && !batch.signal.aborted ? Date.now() + AFTER_FAILURE_MS : 0;
}

async function callHandler({ handlers, log }: BatchHandlers, batch: InFlightBatch): Promise<BatchResult> {
  const { topic, partition, signal } = batch;
  try {
    if (signal.aborted) return {};
    await batch.fence();
    const handler = handlers.get(topic);
    if (!handler) throw new Error(`no handler for ${topic}`);
    return (await handler(batch)) ?? {};
  } catch (error) {
    const { code, message } = classifyError(error);
    if (signal.aborted || code === 'partition-lost') {
      log.info({ topic, partition, error: message }, 'batch cut short');
      return {};
    }
    // A server that is away comes back by itself; anything else is for a person.
    const isAway = error instanceof Error && 'retryable' in error && error.retryable === true;
    log[isAway ? 'warn' : 'error'](
      { err: error, topic, partition, offset: batch.ackedTo },
      'batch failed, trying again',
    );
    return { resumeAt: Date.now() + AFTER_FAILURE_MS };
  }
}
