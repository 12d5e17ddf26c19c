import kafkajs from 'kafkajs';
import { registerCodecs } from './codecs.ts';
import { BrokenData, MAX_UNPACKED_BYTES, UnpacksTooLarge } from './unpack-errors.ts';

registerCodecs();

/** The records of a batch that Apache Kafka's own producer compressed, as they lie in the log. */
const FROM_JAVA = {
  Snappy:
    'glNOQVBQWQAAAAABAAAAAQAAAEPLAWiCAQAAAAF2ZXZlbnQgMSDnnYDkv6HpgJrnn6WaDQAYAIQBAIABAhFEADKaNwAyJwAJRAAEEUQAMzIdAJoNAAAA',
  LZ4: 'BCJNGGBAgkYAAAD/DIIBAAAAAXZldmVudCAxIOedgOS/oemAmuefpQ0AFGQAggEAfgJDAB8yNgAUCScAAUMAFARDABkzHAAPDQAQUJrnn6UAAAAAAA==',
  ZSTD: 'KLUv/QBYxAEAdAKCAQAAAAF2ZXZlbnQgMSDnnYDkv6HpgJrnn6UAhAEAgAECMoIBBDMFAAJHgHcK5x7hNYNyjgEBAAA=',
} as const;

type CodecName = keyof typeof FROM_JAVA;
const NAMES = Object.keys(FROM_JAVA) as CodecName[];

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const codec = (name: CodecName | 'GZIP'): Codec =>
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes[name]]() as Codec;

describe('codecs', () => {
  it.each(NAMES)('%s opens what Kafka’s own producer compressed', async (name) => {
    const records = await codec(name).decompress(Buffer.from(FROM_JAVA[name], 'base64'));
    for (const event of ['event 1', 'event 2', 'event 3']) {
      expect(records.toString()).toContain(`${event} 着信通知 着信通知 着信通知 着信通知`);
    }
  });

  it.each(NAMES)('%s opens what it compressed', async (name) => {
    const buffer = Buffer.from('着信通知'.repeat(10_000));
    const compressed = await codec(name).compress({ buffer });
    expect(Buffer.from(compressed).length).toBeLessThan(buffer.length / 10);
    expect((await codec(name).decompress(Buffer.from(compressed))).toString()).toBe(buffer.toString());
  });

  it.each([
    ['GZIP', 10, 99],
    ['Snappy', 10, 99],
    ['LZ4', 0, 4],
    ['ZSTD', 10, 99],
  ] as const)('%s says of what it did not write that it is broken', async (name, from, to) => {
    const packed = Buffer.from(await codec(name).compress({ buffer: Buffer.from('着信通知'.repeat(100)) }));
    const broken = packed.fill(0xff, from, Math.min(to, packed.length));
    await expect(codec(name).decompress(broken)).rejects.toThrow(BrokenData);
  });

  it.each([...NAMES, 'GZIP' as const])('%s does not unpack what would fill the memory', async (name) => {
    const buffer = Buffer.alloc(MAX_UNPACKED_BYTES + 1);
    const bomb = Buffer.from(await codec(name).compress({ buffer }));
    await expect(codec(name).decompress(bomb)).rejects.toThrow(UnpacksTooLarge);
  });
});
