import { crc32c } from '@node-rs/crc32';
import { decodeRecordBatch } from './decode-record-batch.ts';
import { encodeRecord } from './encode-record.ts';
import { kafkajsInternals } from './kafkajs-internals.ts';
import { patchBrokerPool } from './patch-broker-pool.ts';
import { patchConsumerGroup } from './patch-consumer-group.ts';
import { patchRequestQueue } from './patch-request-queue.ts';

function checksum(bytes: Buffer): number {
  return crc32c(bytes);
}

/**
 * Applies every patch of kafkajs. Throws an error that says what to do when the installed kafkajs is not the one that
 * they were written for, or has been used before.
 */
export function applyPatches(): void {
  kafkajsInternals.replace('protocol/recordBatch/v0/decoder.js', decodeRecordBatch, [
    'protocol/requests/fetch/v4/decodeMessages.js',
  ]);
  kafkajsInternals.replace('protocol/recordBatch/record/v0/index.js', encodeRecord, [
    'protocol/requests/produce/v3/request.js',
  ]);
  // The same checksum in native code: kafkajs computes it byte by byte in JavaScript.
  kafkajsInternals.replace('protocol/recordBatch/crc32C/index.js', checksum, [
    'protocol/recordBatch/v0/index.js',
  ]);
  patchRequestQueue();
  patchConsumerGroup();
  patchBrokerPool();
}
