/**
 * What the compressed batches of one answer to a fetch may unpack to together before no more of them is unpacked, in bytes.
 * Kafka bounds the answer only as it is compressed, and kafkajs holds all of it unpacked at once.
 */
export const MOST_UNPACKED_OF_AN_ANSWER = 64 * 1024 * 1024;

/** By an answer's memory, of which all its batches are parts. */
const unpackedBytes = new WeakMap<ArrayBufferLike, number>();

/** Whether a batch of the same answer may still be unpacked: the first always, so that each fetch gets on. */
export function mayUnpack({ buffer }: Buffer): boolean {
  return (unpackedBytes.get(buffer) ?? 0) < MOST_UNPACKED_OF_AN_ANSWER;
}

/** Counts what a part of an answer was unpacked to. */
export function countUnpacked({ buffer }: Buffer, bytes: number): void {
  unpackedBytes.set(buffer, (unpackedBytes.get(buffer) ?? 0) + bytes);
}
