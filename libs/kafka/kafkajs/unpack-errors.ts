/**
 * The size that a batch may unpack to. Kafka limits only the compressed size, and 1 MB of that can unpack to a gigabyte.
 * Batches of ordinary producers stay far below.
 */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** A batch was not unpacked, because it would be larger than `MAX_UNPACKED_BYTES`. */
export class UnpacksTooLarge extends Error {
  constructor() {
    super(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
    this.name = 'UnpacksTooLarge';
  }
}

/** Bytes that no codec wrote, or that are no records. Reading them again fails again. */
export class BrokenData extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrokenData';
  }
}
