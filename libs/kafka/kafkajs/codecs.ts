import { promisify } from 'node:util';
import { unzip, zstdCompress, zstdDecompress, gzip } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'kafkajs-snappy';
import { BrokenData, MAX_UNPACKED_BYTES, UnpacksTooLarge } from './unpack-errors.ts';

interface Encoded {
  readonly buffer: Buffer;
}

const compressGzip = promisify(gzip);
const compressZstd = promisify(zstdCompress);
const BOUND = { maxOutputLength: MAX_UNPACKED_BYTES };
const unpackGzip = promisify<Buffer, typeof BOUND, Buffer>(unzip);
const unpackZstd = promisify<Buffer, typeof BOUND, Buffer>(zstdDecompress);

/**
 * Registers the codecs that kafkajs lacks, because a single batch in an unknown codec stops its consumer for good, and
 * limits what every codec unpacks. They reject with `UnpacksTooLarge`; with `BrokenData` for bytes that they did not
 * write; and with anything else, such as a failed allocation, when another attempt may succeed.
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
      refuseAbove(maxLz4Bytes(packed));
      return named(decompressFrame(packed));
    },
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressZstd(encoder.buffer),
    decompress: (packed: Buffer): Promise<Buffer> => named(unpackZstd(packed, BOUND)),
  });
}

function refuseAbove(bytes: number): void {
  if (bytes > MAX_UNPACKED_BYTES) throw new UnpacksTooLarge();
}

/** Error codes of zlib, of Zstandard, and the only one of LZ4. */
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

/** The header of what Java's producer writes: blocks of Snappy, each behind its length (4 octets). */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_BLOCKS_AT = 16;

/** The unpacked size in bytes, as the Snappy blocks declare it. */
function snappyBytes(packed: Buffer): number {
  if (!packed.subarray(0, XERIAL.length).equals(XERIAL)) return varint(packed, 0);
  let bytes = 0;
  for (let at = XERIAL_BLOCKS_AT; at + 4 < packed.length; at += 4 + packed.readUInt32BE(at)) {
    bytes += varint(packed, at + 4);
  }
  return bytes;
}

function varint(bytes: Buffer, at: number): number {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const octet = bytes[at + index] ?? 0;
    value += (octet & 0x7f) * 2 ** (7 * index);
    if (octet < 0x80) break;
  }
  return value;
}

/** Flags of a frame descriptor (LZ4 Frame Format 1.6). */
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY = 0x01;
const STORED = 0x80000000;
/** The highest compression ratio that LZ4 can reach. */
const MAX_LZ4_RATIO = 255;

/** An upper bound for the unpacked size of an LZ4 frame, in bytes, from the length and the limit of each block. */
function maxLz4Bytes(packed: Buffer): number {
  if (packed.length < 7) return 0;
  const flags = packed.readUInt8(4);
  const blockBytes = 2 ** (8 + 2 * ((packed.readUInt8(5) >> 4) & 7));
  const has = (flag: number): boolean => (flags & flag) > 0;
  let at = 7 + (has(CONTENT_SIZE) ? 8 : 0) + (has(DICTIONARY) ? 4 : 0);
  let bytes = 0;
  while (at + 4 <= packed.length) {
    const header = packed.readUInt32LE(at);
    const length = header % STORED;
    if (header === 0) break;
    bytes += header >= STORED ? length : Math.min(blockBytes, length * MAX_LZ4_RATIO);
    at += 4 + length + (has(BLOCK_CHECKSUM) ? 4 : 0);
  }
  return bytes;
}
