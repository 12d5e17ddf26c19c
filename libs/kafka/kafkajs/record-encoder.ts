import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

type Bytes = Buffer | string | null;

/** kafkajs' writer of Kafka's protocol, as far as a record needs it. */
interface Encoder {
  readonly buffer: Buffer;
  size(): number;
  writeInt8(value: number): Encoder;
  writeVarInt(value: number): Encoder;
  writeVarLong(value: unknown): Encoder;
  writeVarIntString(value: string): Encoder;
  writeVarIntBytes(value: Bytes): Encoder;
  writeVarIntArray(values: readonly Encoder[]): Encoder;
  writeEncoder(value: Encoder): Encoder;
}

const KafkajsEncoder = require('kafkajs/src/protocol/encoder.js') as new (size?: number) => Encoder;

interface RecordToWrite {
  readonly offsetDelta?: number;
  readonly timestampDelta?: unknown;
  readonly key: Bytes;
  readonly value: Bytes;
  readonly headers?: Readonly<Record<string, Bytes | Bytes[]>>;
}

/** Writes a record (Kafka's record format v2). */
export function encodeRecord(record: RecordToWrite): Encoder {
  const { offsetDelta = 0, timestampDelta = 0, key, value, headers = {} } = record;
  const written = Object.entries(headers).flatMap(([name, header]) =>
    (Array.isArray(header) ? header : [header]).map((one) =>
      new KafkajsEncoder().writeVarIntString(name).writeVarIntBytes(one),
    ),
  );
  const body = new KafkajsEncoder()
    .writeInt8(0)
    .writeVarLong(timestampDelta)
    .writeVarInt(offsetDelta)
    .writeVarIntBytes(key)
    .writeVarIntBytes(value)
    .writeVarIntArray(written);
  return new KafkajsEncoder().writeVarInt(body.size()).writeEncoder(body);
}

/**
 * kafkajs as published measures a header without a value before it asks whether there is one, and throws. Replaced
 * where kafkajs will look for it, so this has to be loaded first.
 */
const path = require.resolve('kafkajs/src/protocol/recordBatch/record/v0/index.js');
require(path);
const published = require.cache[path];
if (published) published.exports = encodeRecord;
