import { kafkajsInternals } from './kafkajs-internals.ts';

type Bytes = Buffer | string | null;

/** The part of kafkajs' protocol encoder that a record needs. */
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

const KafkajsEncoder = kafkajsInternals.load<new (size?: number) => Encoder>('protocol/encoder.js', [
  'prototype.writeEncoder',
]);

interface RecordToWrite {
  readonly offsetDelta?: number;
  readonly timestampDelta?: unknown;
  readonly key: Bytes;
  readonly value: Bytes;
  readonly headers?: Readonly<Record<string, Bytes | Bytes[]>>;
}

/**
 * Writes a record (Kafka's record format v2), in place of kafkajs' `protocol/recordBatch/record/v0`. That one throws at a
 * header without a value, because it takes its length before it asks whether there is one.
 */
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
