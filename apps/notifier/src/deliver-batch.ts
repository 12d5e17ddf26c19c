import type { BatchResult, RecordBatch } from '#delivery';

/** Nest's token for the way of an event; the controllers hand it their batches. */
export abstract class DeliverBatch {
  abstract deliver(batch: RecordBatch): Promise<BatchResult>;
}
