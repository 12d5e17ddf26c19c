import type { BatchResult, RecordBatch } from '#delivery';
import type { BatchRun } from './batch-run.ts';
import { classifyError } from '../kafkajs/classify-error.ts';
import type { KafkaLog } from '../kafkajs/kafka-log.ts';

/** Works a batch, or throws; `undefined` is the same as no wish. */
export type BatchHandler = (batch: RecordBatch) => Promise<BatchResult | undefined>;

export interface BatchWork {
  /** By topic without prefix. */
  readonly handlers: ReadonlyMap<string, BatchHandler>;
  readonly log: KafkaLog;
}

/** How long a partition rests whose handler threw or settled nothing. */
const AFTER_FAILURE_MS = 1_000;

/**
 * Lets a batch's handler work, but waits no longer for it than the batch does. Never rejects; resolves with when what
 * was left unsettled may be read again, epoch ms, 0 for at once.
 */
export async function workBatch(work: BatchWork, run: BatchRun): Promise<number> {
  if (run.records.length === 0) return 0;
  const { topic, partition } = run;
  const abandoned = run.abandoned.then((): BatchResult => {
    work.log.warn({ topic, partition }, 'work did not end in time and is left alone');
    return {};
  });
  const { resumeAt } = await Promise.race([callHandler(work, run), abandoned]);
  if (resumeAt !== undefined) return resumeAt;
  return run.front === 0 && !run.signal.aborted ? Date.now() + AFTER_FAILURE_MS : 0;
}

async function callHandler({ handlers, log }: BatchWork, run: BatchRun): Promise<BatchResult> {
  const { topic, partition, signal } = run;
  try {
    if (signal.aborted) return {};
    await run.fence();
    const handler = handlers.get(topic);
    if (!handler) throw new Error(`no handler for ${topic}`);
    return (await handler(run)) ?? {};
  } catch (error) {
    const { code, message } = classifyError(error);
    if (signal.aborted || code === 'partition-lost') {
      log.info({ topic, partition, error: message }, 'batch cut short');
      return {};
    }
    log.error({ err: error, topic, partition, offset: run.position }, 'batch failed, trying again');
    return { resumeAt: Date.now() + AFTER_FAILURE_MS };
  }
}
