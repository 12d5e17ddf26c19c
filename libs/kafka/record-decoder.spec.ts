import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { decodeRecord } from './record-decoder.ts';

const require = createRequire(import.meta.url);
type Encoded = { buffer: Buffer };
type Decoder = Parameters<typeof decodeRecord>[0];
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (
  record: object,
) => Encoded;
const published = require('kafkajs/src/protocol/recordBatch/record/v0/decoder.js') as typeof decodeRecord;
const ProtocolDecoder = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer | null) => Decoder;

/** A decoder over a record, behind its length, as a batch's decoder hands it over. */
function decoderOf(record: object): Decoder {
  return new ProtocolDecoder(new ProtocolDecoder(encodeRecord(record).buffer).readVarIntBytes());
}

const context = {
  firstOffset: '9007199254740000',
  firstTimestamp: '1795000000000',
  magicByte: 2,
  timestampType: 0,
  maxTimestamp: '1795000009999',
};

const bytes = fc.option(fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)));
const records = fc.record({
  offsetDelta: fc.nat(2 ** 31 - 1),
  timestampDelta: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  key: bytes,
  value: bytes,
  headers: fc.dictionary(
    fc.string({ maxLength: 9 }),
    fc.oneof(
      fc.string(),
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.array(fc.string(), { minLength: 2 }),
    ),
    { noNullPrototype: true },
  ),
});

describe('decodeRecord', () => {
  it('reads what kafkajs reads', () => {
    fc.assert(
      fc.property(records, fc.constantFrom(0, 1), (record, timestampType) => {
        const of = { ...context, timestampType };
        const ours = decodeRecord(decoderOf(record), of);
        const theirs = published(decoderOf(record), of);
        expect(ours).toMatchObject(Object.fromEntries(Object.entries(theirs)));
        expect(Object.keys(ours.headers)).toEqual(Object.keys(theirs.headers));
      }),
    );
  });

  it('is what kafkajs reads with in a process that has our library', async () => {
    const program = `
      await import('#kafka');
      const { createRequire } = await import('node:module');
      const decode = createRequire(process.cwd() + '/')('kafkajs/src/protocol/recordBatch/record/v0/decoder.js');
      console.log(decode.name, !!(await import('kafkajs')).default.Kafka);`;
    const args = ['--conditions=source', '--input-type=module', '-e', program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toBe('decodeRecord true\n');
  });
});
