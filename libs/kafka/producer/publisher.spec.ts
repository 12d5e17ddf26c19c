import type { Message, Producer, ProducerBatch, RecordMetadata } from '../kafkajs/kafka-client.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import { createRememberingPartitioner, JoiningPublisher } from './publisher.ts';

const PARTITIONS = Array.from({ length: 12 }, (_, partitionId) => ({ partitionId, leader: 1 }));

const METADATA = PARTITIONS.map((one) => ({ ...one, partitionErrorCode: 0, replicas: [1], isr: [1] }));

/** A broker that keeps what it is sent, and may fail a send when only some of its partitions are written. */
class FlakyProducer {
  readonly log = new Map<string, string[]>();
  sends: ProducerBatch[] = [];
  connects = 0;
  private readonly partitioner = createRememberingPartitioner();
  private readonly fate: (send: number, partition: number) => 'write' | 'fail' | 'leave out';

  constructor(fate: (send: number, partition: number) => 'write' | 'fail' | 'leave out') {
    this.fate = fate;
  }

  async connect(): Promise<void> {
    this.connects++;
    if (this.connects === 1) throw new Error('Kafka is away');
  }

  async disconnect(): Promise<void> {}

  async sendBatch(batch: ProducerBatch): Promise<RecordMetadata[]> {
    const send = this.sends.push(batch);
    const written: RecordMetadata[] = [];
    let failed = false;
    for (const { topic, messages } of batch.topicMessages ?? []) {
      for (const message of messages) {
        const partition = this.choose(topic, message);
        const fate = this.fate(send, partition);
        if (fate === 'fail') failed = true;
        if (fate === 'write') written.push(this.write(topic, partition, message));
      }
    }
    if (failed) throw Object.assign(new Error('not leader'), { type: 'NOT_LEADER_FOR_PARTITION' });
    return written;
  }

  values(): Set<string> {
    return new Set([...this.log.values()].flat());
  }

  private choose(topic: string, message: Message): number {
    const partitionMetadata = PARTITIONS.map((one) => ({
      ...one,
      partitionErrorCode: 0,
      replicas: [1],
      isr: [1],
    }));
    return this.partitioner({ topic, partitionMetadata, message });
  }

  private write(topicName: string, partition: number, { value }: Message): RecordMetadata {
    const name = `${topicName}/${partition}`;
    this.log.set(name, [...(this.log.get(name) ?? []), String(value)]);
    return { topicName, partition, errorCode: 0 };
  }
}

const publisherOn = (producer: FlakyProducer, closeWithinMs?: number): JoiningPublisher =>
  new JoiningPublisher(producer as unknown as Producer, 'p-', closeWithinMs);

const record = (id: number): OutgoingRecord => ({
  topic: 't',
  key: `key ${id}`,
  value: `value ${id}`,
  headers: {},
});
const records = (count: number): OutgoingRecord[] => Array.from({ length: count }, (_, id) => record(id));

/** What a promise rejects with, awaited later than it happens. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('JoiningPublisher', () => {
  it('resolves when every record is written, though every other send writes a half and fails', async () => {
    const producer = new FlakyProducer((send, partition) =>
      send % 2 === 1 && partition % 2 === 0 ? 'fail' : 'write',
    );
    await publisherOn(producer).publish(records(100));
    expect(producer.values().size).toBe(100);
  });

  it('does not believe a send that resolves without having written a partition (tulios/kafkajs#1303)', async () => {
    const producer = new FlakyProducer((send, partition) =>
      send < 3 && partition > 5 ? 'leave out' : 'write',
    );
    await publisherOn(producer).publish(records(100));
    expect(producer.values().size).toBe(100);
  });

  it('resolves a call only for its own records', async () => {
    const producer = new FlakyProducer((_, partition) => (partition === 1 ? 'fail' : 'write'));
    const publisher = publisherOn(producer);
    const stuck = rejection(publisher.publish([{ ...record(1), partition: 1 }], { withinMs: 300 }));
    await publisher.publish([{ ...record(2), partition: 2 }]);
    expect(await stuck).toMatchObject({
      code: 'unacknowledged',
      message: expect.stringMatching(/within 300 ms: .*NOT_LEADER/) as unknown,
    });
    await publisher.close();
  });

  it('joins calls of about the same time into one send, by topic, with the prefix', async () => {
    const producer = new FlakyProducer(() => 'write');
    const publisher = publisherOn(producer);
    await publisher.publish([record(0)]);
    producer.sends = [];
    await Promise.all([
      publisher.publish([record(1)]),
      publisher.publish([record(2)]),
      publisher.publish([{ ...record(3), topic: 'u' }]),
    ]);
    expect(producer.sends).toHaveLength(1);
    expect(producer.sends[0]).toMatchObject({
      acks: -1,
      topicMessages: [{ topic: 'p-t' }, { topic: 'p-u' }],
    });
  });

  it('sends no more than 900 kB at once, in order', async () => {
    const producer = new FlakyProducer(() => 'write');
    const large = Array.from({ length: 10 }, (_, id) => ({
      ...record(id),
      key: 'one',
      value: `${id}`.repeat(400_000),
    }));
    await publisherOn(producer).publish(large);
    expect(producer.sends).toHaveLength(5);
    expect([...producer.log.values()].flat().map((value) => value[0])).toEqual('0123456789'.split(''));
  });

  it('gives kafkajs only headers that it can write', async () => {
    const producer = new FlakyProducer(() => 'write');
    const headers = {
      none: undefined,
      empty: null as never,
      many: [Buffer.from('a'), null as never],
      text: 'x',
      ['__proto__']: 'also a name',
    };
    await publisherOn(producer).publish([{ ...record(1), headers }]);
    const sent = producer.sends[0]!.topicMessages![0]!.messages[0]!;
    expect(Object.entries(sent.headers ?? {})).toEqual([
      ['empty', null],
      ['many', [Buffer.from('a'), null]],
      ['text', 'x'],
      ['__proto__', 'also a name'],
    ]);
  });

  it('sends what waits when it is closed, and takes nothing more', async () => {
    const producer = new FlakyProducer(() => 'write');
    const publisher = publisherOn(producer);
    const published = publisher.publish([record(1)]);
    await publisher.close();
    await published;
    await expect(publisher.publish([record(2)])).rejects.toMatchObject({ code: 'closed' });
    await publisher.publish([]);
  });
});

describe('JoiningPublisher while Kafka is away', () => {
  it('does not wait for ever when it is closed, and says that nothing was acknowledged', async () => {
    const publisher = publisherOn(new FlakyProducer(() => 'fail'), 100);
    const published = rejection(publisher.publish(records(3)));
    await publisher.close();
    expect(await published).toMatchObject({ code: 'closed' });
  });
});

describe('createRememberingPartitioner', () => {
  // The hashes are those of org.apache.kafka.common.utils.UtilsTest.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('puts the key %s where Java’s producer puts it', (key, murmur2) => {
    const message: Message & { chosen?: number } = { key, value: null };
    const partition = createRememberingPartitioner()({ topic: 't', partitionMetadata: METADATA, message });
    expect(partition).toBe((murmur2 & 0x7fffffff) % 12);
    expect(message.chosen).toBe(partition);
  });

  it.each([
    ['abc', 3],
    ['a-little-bit-longer-string', 11],
  ])(
    'V5 puts what shall be beside the key %s into the next partition, after the last the first',
    (key, at) => {
      const choose = createRememberingPartitioner();
      const partitionOf = (message: Message): number =>
        choose({ topic: 't', partitionMetadata: METADATA, message });
      const beside: Message & { readonly besideKey: true } = { key, value: null, besideKey: true };
      expect(partitionOf({ key, value: null })).toBe(at);
      expect(partitionOf(beside)).toBe((at + 1) % 12);
    },
  );
});
