import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'kafkajs-snappy';

interface Encoded {
  readonly buffer: Buffer;
}

const compressZstd = promisify(zstdCompress);
const decompressZstd = promisify(zstdDecompress);

/** Teaches kafkajs the codecs it lacks: a single batch in one that it does not know stops its consumer for good. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressFrame(encoder.buffer),
    decompress: (buffer: Buffer): Promise<Buffer> => decompressFrame(buffer),
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: (encoder: Encoded): Promise<Buffer> => compressZstd(encoder.buffer),
    decompress: (buffer: Buffer): Promise<Buffer> => decompressZstd(buffer),
  });
}
