import { promisify } from 'node:util';
import { unzip, zstdCompress, zstdDecompress, gzip } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'kafkajs-snappy';
import { mostLz4Bytes, snappyBytes } from './unpacked-size.ts';

interface Encoded {
  readonly buffer: Buffer;
}

/**
 * What a batch may unpack to. Kafka bounds only what is compressed, and 1 MB of that can unpack to a gigabyte; a producer's
 * honest batch stays far below.
 */
export const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;

/** A batch of records that would unpack to more than `MOST_UNPACKED_BYTES`, and was not unpacked. */
export class UnpacksTooLarge extends Error {
  constructor() {
    super(`it unpacks to more than ${MOST_UNPACKED_BYTES} bytes`);
    this.name = 'UnpacksTooLarge';
  }
}

const compressGzip = promisify(gzip);
const compressZstd = promisify(zstdCompress);
const BOUND = { maxOutputLength: MOST_UNPACKED_BYTES };
const unpackGzip = promisify<Buffer, typeof BOUND, Buffer>(unzip);
const unpackZstd = promisify<Buffer, typeof BOUND, Buffer>(zstdDecompress);

/**
 * Teaches kafkajs the codecs it lacks, since a single batch in one that it does not know stops its consumer for good, and
 * bounds what all of them unpack: they reject with `UnpacksTooLarge`.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const unbounded = snappy();
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressGzip(encoder.buffer),
    decompress: (packed: Buffer): Promise<Buffer> => bounded(unpackGzip(packed, BOUND)),
  });
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => unbounded.compress(encoder),
    decompress: async (packed: Buffer): Promise<Buffer> => {
      refuseAbove(snappyBytes(packed));
      return unbounded.decompress(packed);
    },
  });
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressFrame(encoder.buffer),
    decompress: async (packed: Buffer): Promise<Buffer> => {
      refuseAbove(mostLz4Bytes(packed));
      return decompressFrame(packed);
    },
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressZstd(encoder.buffer),
    decompress: (packed: Buffer): Promise<Buffer> => bounded(unpackZstd(packed, BOUND)),
  });
}

function refuseAbove(bytes: number): void {
  if (bytes > MOST_UNPACKED_BYTES) throw new UnpacksTooLarge();
}

async function bounded(unpacking: Promise<Buffer>): Promise<Buffer> {
  try {
    return await unpacking;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new UnpacksTooLarge();
    throw error;
  }
}
