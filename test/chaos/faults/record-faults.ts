import { callEvent, SOURCE, type StreamedEvent } from '../event-stream.ts';
import type { Fault } from '../fault.ts';
import type { Scene } from '../scene.ts';
import { subscriber } from '../subscribers.ts';
import { checkLargeGarbage, publishLargeCalls, publishLargeGarbage } from './large-records.ts';
import { checkPoison, publishPoison } from './poison.ts';

const CALM = { ground: 'calm', rounds: 5 } as const;
const TWICE = 200;
/** Above the numbers that a row's stream uses. */
const LAST_NUMBERS = 2_900;
/** kafkajs looks for new partitions every 30 s. */
const SEEN_MS = 32_000;

/** The same event in CloudEvents' structured mode. */
function structured({ expected, record }: StreamedEvent): StreamedEvent {
  const envelope = {
    specversion: '1.0',
    id: expected.id,
    source: SOURCE,
    type: record.headers['ce_type'],
    time: record.headers['ce_time'],
    datacontenttype: 'application/json',
    data: JSON.parse(record.value.toString()) as unknown,
  };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return { expected, record: { ...record, headers, value: Buffer.from(JSON.stringify(envelope)) } };
}

/** Publishes each event several times, immediately and a moment later, in both modes. */
async function publishTwice(scene: Scene): Promise<void> {
  const again: Promise<void>[] = [];
  for (let index = 0; index < TWICE; index += 1) {
    const of = subscriber(LAST_NUMBERS + (index % 100));
    const event = callEvent(`${scene.name}-twice-${index % 100}`, of);
    const copy = index % 2 === 0 ? event : structured(event);
    if (index < 100) again.push(scene.stream.publish(event));
    again.push(scene.publisher.publish([copy.record]));
    if (index % 10 === 0) await scene.passBetween(0, 200);
  }
  await Promise.all(again);
}

async function addPartitions(scene: Scene): Promise<void> {
  await scene.kafka.addPartitions(8);
  await scene.pass(SEEN_MS);
}

/** Faults of records and topics. */
export const RECORD_FAULTS: readonly Fault[] = [
  {
    ...CALM,
    name: 'a poison record in every topic',
    times: 50,
    happen: async (scene) => {
      await publishPoison(scene);
      scene.healed();
    },
    check: checkPoison,
  },
  {
    ...CALM,
    name: 'malformed records that unpack to 3 MB',
    times: 2,
    happen: publishLargeGarbage,
    check: checkLargeGarbage,
  },
  {
    ...CALM,
    name: 'deferred calls that unpack to 3 MB',
    times: 2,
    happen: publishLargeCalls,
  },
  { ...CALM, name: 'the same event published again, both modes', times: TWICE, happen: publishTwice },
  {
    ...CALM,
    name: 'partitions added under load',
    times: 1,
    notifiers: 2,
    perSecond: 40,
    happen: addPartitions,
  },
];
