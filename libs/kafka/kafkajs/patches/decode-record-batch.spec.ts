import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { IHeaders, KafkaMessage } from 'kafkajs';

const require = createRequire(import.meta.url);
// Before ours is loaded, which takes its place.
const published = require('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (
  decoder: Decoder,
) => Promise<{ records: KafkaMessage[] }>;
const { decodeRecordBatch, MAX_UNPACKED_PER_FETCH } = await import('./decode-record-batch.ts');
const { default: kafkajs } = await import('kafkajs');
const { registerCodecs } = await import('../codecs.ts');
registerCodecs();
const { UnreadableSentinel } = await import('../unreadable-batch.ts');
type Encoded = { buffer: Buffer };
type Decoder = Parameters<typeof decodeRecordBatch>[0];
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (
  record: object,
) => Encoded;
const { RecordBatch: encodeBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch: (batch: object) => Promise<Encoded>;
};
const crc32C = require('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (bytes: Buffer) => number;
const ProtocolDecoder = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => Decoder;

/** Behind a batch's first offset and length, its epoch, magic, CRC and the first octet of its attributes. */
const ATTRIBUTES_AT = 22;
const CONTROL = 0x20;
const LOG_APPEND_TIME = 0x8;

const bytes = fc.option(fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)));
/** kafkajs loses the others, or mixes them up with what every object has. */
const names = fc
  .oneof(fc.string({ maxLength: 9 }), fc.constantFrom('番号', 'ce_id'))
  .filter((name) => !(name in Object.prototype));
const values = fc.oneof(
  fc.string(),
  fc.string({ minLength: 60, maxLength: 200 }),
  fc.uint8Array().map((array) => Buffer.from(array)),
  fc.array(fc.string(), { minLength: 2 }),
);
const records = fc.record({
  offsetDelta: fc.nat(2 ** 31 - 1),
  timestampDelta: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  key: bytes,
  value: bytes,
  headers: fc.array(fc.tuple(names, values)).map((entries) => Object.fromEntries(entries)),
});
const batches = fc.record({
  // None, and GZIP.
  compression: fc.constantFrom(0, 1),
  firstOffset: fc.constantFrom(0n, 41n, 9_007_199_254_740_000n),
  firstTimestamp: fc.constantFrom(1_795_000_000_000n),
  maxTimestamp: fc.constantFrom(1_795_000_009_999n),
  transactional: fc.boolean(),
  producerId: fc.constantFrom(-1n, 77n),
  partitionLeaderEpoch: fc.nat(9),
  producerEpoch: fc.nat(9),
  firstSequence: fc.nat(9),
  lastOffsetDelta: fc.nat(9),
});

async function encoded(batch: object, of: readonly object[], flags: number): Promise<Buffer> {
  const { buffer } = await encodeBatch({ ...batch, records: of.map((record) => encodeRecord(record)) });
  buffer[ATTRIBUTES_AT] = (buffer[ATTRIBUTES_AT] ?? 0) | flags;
  return sealed(buffer);
}

/** With the checksum of what it holds, as a producer would have written it. */
function sealed(buffer: Buffer): Buffer {
  buffer.writeUInt32BE(crc32C(buffer.subarray(21)), 17);
  return buffer;
}

/** Why the batch cannot be read. */
async function reasonOf(buffer: Buffer): Promise<string> {
  const { records: read } = await decodeRecordBatch(new ProtocolDecoder(buffer));
  expect(read).toEqual([expect.any(UnreadableSentinel)]);
  return (read[0] as InstanceType<typeof UnreadableSentinel>).reason;
}

function asBytes(headers: IHeaders = {}): [string, Buffer | null | (Buffer | null)[]][] {
  const one = (value: Buffer | string | null): Buffer | null => (value === null ? null : Buffer.from(value));
  return Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(one) : one(value ?? null),
  ]);
}

describe('decodeRecordBatch', () => {
  it('reads what kafkajs reads', async () => {
    const flags = fc.constantFrom(0, CONTROL, LOG_APPEND_TIME);
    await fc.assert(
      fc.asyncProperty(batches, fc.array(records, { maxLength: 5 }), flags, async (batch, of, flag) => {
        const buffer = await encoded(batch, of, flag);
        const ours = await decodeRecordBatch(new ProtocolDecoder(buffer));
        const theirs = await published(new ProtocolDecoder(buffer));
        expect({ ...ours, records: [] }).toMatchObject({ ...theirs, records: [] });
        expect(ours.records).toHaveLength(theirs.records.length);
        for (const [index, { headers, ...record }] of theirs.records.entries()) {
          expect(ours.records[index]).toMatchObject(record);
          expect(asBytes(ours.records[index]?.headers)).toEqual(asBytes(headers));
        }
      }),
    );
  });

  it('is not what kafkajs came with', () => {
    expect(published).not.toBe(decodeRecordBatch);
  });

  it('keeps headers whose names every object knows', async () => {
    const headers = Object.fromEntries(['__proto__', 'toString', 'constructor'].map((name) => [name, name]));
    const record = { offsetDelta: 0, timestampDelta: 0, value: 'v', headers };
    const buffer = await encoded({ firstOffset: 0n }, [record], 0);
    const { records: read } = await decodeRecordBatch(new ProtocolDecoder(buffer));
    expect(Object.entries(read[0]?.headers ?? {})).toEqual(Object.entries(headers));
  });

  it.each(['ce_id', '番号'])(
    'hands on a header without a value as null, as kafkajs does (%s)',
    async (name) => {
      const record = { offsetDelta: 0, timestampDelta: 0, value: 'v', headers: { [name]: '' } };
      const buffer = await encoded({ firstOffset: 0n }, [record], 0);
      // The length of the value: -1 instead of 0.
      buffer[buffer.length - 1] = 1;
      sealed(buffer);
      const ours = await decodeRecordBatch(new ProtocolDecoder(buffer));
      const theirs = await published(new ProtocolDecoder(buffer));
      expect(asBytes(ours.records[0]?.headers)).toEqual([[name, null]]);
      expect(asBytes(theirs.records[0]?.headers)).toEqual([[name, null]]);
    },
  );

  it('says as kafkajs does that a fetch ended within it', async () => {
    const buffer = await encoded({ firstOffset: 0n }, [{ offsetDelta: 0, timestampDelta: 0, value: 'v' }], 0);
    const cut = decodeRecordBatch(new ProtocolDecoder(buffer.subarray(0, -1)));
    await expect(cut).rejects.toMatchObject({ name: 'KafkaJSPartialMessageError' });
  });

  it('does not read on behind the end of one that says it has more records', async () => {
    const buffer = await encoded({ firstOffset: 4n }, [{ offsetDelta: 0, timestampDelta: 0, value: 'v' }], 0);
    buffer.writeInt32BE(2 ** 31 - 1, 57);
    const { records: read } = await decodeRecordBatch(new ProtocolDecoder(sealed(buffer)));
    expect(read.map(({ headers }) => asBytes(headers))).toEqual([
      expect.arrayContaining([['batch-records', Buffer.from('2147483647')]]),
    ]);
  });

  it.each([0, 1])('reads nothing of one in which a bit has changed (compression %d)', async (compression) => {
    const record = { offsetDelta: 0, timestampDelta: 0, key: '0312345678', value: '0312345678', headers: {} };
    const buffer = await encoded({ firstOffset: 0n, compression }, [record], 0);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 21, max: buffer.length - 1 }), fc.nat(7), async (at, bit) => {
        const broken = Buffer.from(buffer);
        broken[at] = (broken[at] ?? 0) ^ (1 << bit);
        expect(await reasonOf(broken)).toBe('its checksum is wrong');
      }),
    );
  });

  it('unpacks no more of an answer than is held at once, and of the next answer again', async () => {
    const half = MAX_UNPACKED_PER_FETCH / 2;
    const record = { offsetDelta: 0, timestampDelta: 0, value: Buffer.alloc(half) };
    const one = await encoded({ firstOffset: 0n, compression: 1 }, [record], 0);
    const answer = new ProtocolDecoder(Buffer.from(new Uint8Array(Buffer.concat([one, one, one])).buffer));
    for (const _ of [1, 2]) {
      const { records } = await decodeRecordBatch(answer);
      expect(records[0]?.value).toHaveLength(half);
    }
    await expect(decodeRecordBatch(answer)).rejects.toMatchObject({ name: 'KafkaJSPartialMessageError' });
    const next = new ProtocolDecoder(Buffer.from(new Uint8Array(one).buffer));
    expect((await decodeRecordBatch(next)).records).toHaveLength(1);
  });

  it('hands on one record for a compressed batch that its producer broke', async () => {
    const records = ['a', 'b'].map((value, offsetDelta) => ({ offsetDelta, timestampDelta: 0, value }));
    const batch = { firstOffset: 5n, compression: 1, lastOffsetDelta: 1 };
    const buffer = await encoded(batch, records, 0);
    buffer.fill(0xff, 71);
    const read = await decodeRecordBatch(new ProtocolDecoder(sealed(buffer)));
    expect(read.records.map(({ offset }) => offset)).toEqual(['6']);
    expect(asBytes(read.records[0]?.headers)).toEqual(
      asBytes({ 'dlq-cut': String(buffer.length - 61), 'batch-first-offset': '5', 'batch-records': '2' }),
    );
  });

  it('keeps a batch whole that a process could not unpack: nothing says that its producer broke it', async () => {
    const record = { offsetDelta: 0, timestampDelta: 0, value: 'v' };
    const buffer = await encoded({ firstOffset: 0n, compression: 1 }, [record], 0);
    const gzip = kafkajs.CompressionTypes.GZIP;
    const codecs = kafkajs.CompressionCodecs as Record<number, () => object>;
    const before = codecs[gzip];
    const decompress = () => Promise.reject(new RangeError('Array buffer allocation failed'));
    codecs[gzip] = () => ({ decompress });
    const reason = await reasonOf(buffer).finally(() => Object.assign(codecs, { [gzip]: before }));
    expect(reason).toBe('RangeError: Array buffer allocation failed');
    expect((await decodeRecordBatch(new ProtocolDecoder(buffer))).records).toHaveLength(1);
  });
});
