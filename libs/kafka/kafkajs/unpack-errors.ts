/**
 * What a batch may unpack to. Kafka bounds only what is compressed, and 1 MB of that can unpack to a gigabyte; a producer's
 * honest batch stays far below.
 */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** A batch of records that would unpack to more than `MAX_UNPACKED_BYTES`, and was not unpacked. */
export class UnpacksTooLarge extends Error {
  constructor() {
    super(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
    this.name = 'UnpacksTooLarge';
  }
}

/** Bytes that are not what they should be: not what a codec writes, or no records. Whoever reads them again fails again. */
export class BrokenData extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrokenData';
  }
}
