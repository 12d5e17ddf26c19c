import { promisify } from 'node:util';
import { unzip, zstdCompress, zstdDecompress, gzip } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'kafkajs-snappy';
import { BrokenData, MOST_UNPACKED_BYTES, UnpacksTooLarge } from './unpack-errors.ts';
import { mostLz4Bytes, snappyBytes } from './unpacked-size.ts';

interface Encoded {
  readonly buffer: Buffer;
}

const compressGzip = promisify(gzip);
const compressZstd = promisify(zstdCompress);
const BOUND = { maxOutputLength: MOST_UNPACKED_BYTES };
const unpackGzip = promisify<Buffer, typeof BOUND, Buffer>(unzip);
const unpackZstd = promisify<Buffer, typeof BOUND, Buffer>(zstdDecompress);

/**
 * Teaches kafkajs the codecs it lacks, since a single batch in one that it does not know stops its consumer for good, and
 * bounds what all of them unpack: they reject with `UnpacksTooLarge`, with `BrokenData` for what they did not write, and
 * with anything else, such as a failed allocation, when another try may succeed.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const unbounded = snappy();
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressGzip(encoder.buffer),
    decompress: (packed: Buffer): Promise<Buffer> => named(unpackGzip(packed, BOUND)),
  });
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => unbounded.compress(encoder),
    decompress: async (packed: Buffer): Promise<Buffer> => {
      refuseAbove(snappyBytes(packed));
      return named(unbounded.decompress(packed));
    },
  });
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressFrame(encoder.buffer),
    decompress: async (packed: Buffer): Promise<Buffer> => {
      refuseAbove(mostLz4Bytes(packed));
      return named(decompressFrame(packed));
    },
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressZstd(encoder.buffer),
    decompress: (packed: Buffer): Promise<Buffer> => named(unpackZstd(packed, BOUND)),
  });
}

function refuseAbove(bytes: number): void {
  if (bytes > MOST_UNPACKED_BYTES) throw new UnpacksTooLarge();
}

/** Codes of zlib and Zstandard, and of all that LZ4 finds wrong. */
const BROKEN_CODE =
  /^(Z_(DATA|BUF|STREAM)_ERROR|Z_NEED_DICT|ZSTD_error_(?!memory_allocation).+|GenericFailure)$/;
const BROKEN_SNAPPY = 'Invalid Snappy bitstream';

async function named(unpacking: Promise<Buffer>): Promise<Buffer> {
  try {
    return await unpacking;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new UnpacksTooLarge();
    if (BROKEN_CODE.test(code) || message === BROKEN_SNAPPY) throw new BrokenData(message, { cause: error });
    throw error;
  }
}
