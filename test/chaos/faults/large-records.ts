import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import kafkajs from 'kafkajs';
import { DEAD_LETTER_TOPIC, type EncodedEvent } from '#events';
import { callEvent } from '../event-stream.ts';
import type { MoreFindings } from '../fault.ts';
import type { Scene } from '../scene.ts';
import { subscriber } from '../subscribers.ts';

const VALUE_BYTES = 3_000_000;
/** Above the numbers that a row's stream uses. */
const FIRST_NUMBER = 2_800;
const { GZIP, ZSTD } = kafkajs.CompressionTypes;

/** 3 MB of text: one letter, or a block repeated at a distance that ZSTD can match and GZIP cannot. */
const FILLINGS = [
  { compression: GZIP, text: (): string => 'x'.repeat(VALUE_BYTES) },
  {
    compression: ZSTD,
    text: (): string =>
      randomBytes(750_000)
        .toString('base64')
        .repeat(VALUE_BYTES / 1_000_000),
  },
];

/** Publishes small records that decompress to 3 MB of garbage; each must become a dead letter, whole or cut. */
export async function publishLargeGarbage(scene: Scene): Promise<void> {
  for (const [index, { compression, text }] of FILLINGS.entries()) {
    const { record } = callEvent(`${scene.name}-garbage-${index}`, subscriber(FIRST_NUMBER + index));
    await publishCompressed(scene, { ...record, value: Buffer.from(`{"x": "${text()}`) }, compression);
  }
  scene.healed();
}

/** What GZIP can compress is kept whole; what Kafka rejects is kept cut, with its original size. */
export async function checkLargeGarbage(scene: Scene): Promise<MoreFindings> {
  const dead = await scene.kafka.read(DEAD_LETTER_TOPIC);
  const lost = FILLINGS.flatMap((_, index) => {
    const id = `${scene.name}-garbage-${index}`;
    const letter = dead.find(({ headers }) => String(headers['ce_id']) === id);
    if (!letter) return [`${id}: not in the dead letters`];
    const size = letter.value?.length ?? 0;
    const isRight = index === 0 ? size > VALUE_BYTES : size === 65_536 && Boolean(letter.headers['dlq-cut']);
    return isRight ? [] : [`${id}: its dead letter has ${size} bytes`];
  });
  return { lost, notes: [] };
}

/** Publishes valid calls with an unknown field of 3 MB, whose recipients the mail server refuses once. */
export async function publishLargeCalls(scene: Scene): Promise<void> {
  const events = FILLINGS.map((filling, index) => {
    const of = subscriber(FIRST_NUMBER + index);
    const { expected, record } = callEvent(`${scene.name}-large-${index}`, of);
    const data = { ...(JSON.parse(record.value.toString()) as object), unknown: filling.text() };
    return { expected, record: { ...record, value: Buffer.from(JSON.stringify(data)) }, filling };
  });
  const refused = new Set(events.flatMap(({ expected }) => expected.addresses));
  scene.mail.misbehave({ at: 'rcpt', does: 450, once: true, only: (address) => refused.has(address) });
  for (const { expected, record, filling } of events) {
    await publishCompressed(scene, record, filling.compression);
    scene.stream.acknowledged.push({ ...expected, acknowledgedAt: performance.now() });
    scene.acknowledged.add(record.topic, expected.id);
  }
}

async function publishCompressed(
  scene: Scene,
  { topic, key, value, headers }: EncodedEvent,
  compression: kafkajs.CompressionTypes,
): Promise<void> {
  await scene.kafka.produce({ topic, compression, messages: [{ key, value, headers: { ...headers } }] });
}
