import type { RecordBatch } from '#delivery';
import type { EachBatchPayload, KafkaMessage, Offsets, TopicPartitionOffset } from 'kafkajs';
import { Lane, type BatchHandler } from './lane.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** kafkajs' side of a lane: what it hands over, and what it is told. */
class KafkajsSide {
  readonly resolved: string[] = [];
  readonly committed: string[] = [];
  heartbeat: () => Promise<void> = async () => undefined;
  commit: (() => Promise<void>) | undefined;

  payload(offsets: readonly number[], topic = 'stage-a', partition = 0): EachBatchPayload {
    const messages = offsets.map((offset): KafkaMessage => ({
      offset: String(offset),
      key: null,
      value: Buffer.from('v'),
      timestamp: String(1_795_000_000_000 + offset),
      attributes: 0,
      headers: {},
    }));
    const batch = {
      topic,
      partition,
      messages,
      highWatermark: '100',
      firstOffset: () => messages[0]?.offset ?? null,
      // A marker of a transaction lies behind the last record.
      lastOffset: () => String(Number(messages.at(-1)?.offset) + 1),
    };
    return {
      batch,
      resolveOffset: (offset: string) => this.resolved.push(offset),
      heartbeat: () => this.heartbeat(),
      commitOffsetsIfNecessary: async (asked: Offsets) => {
        await this.commit?.();
        for (const { partitions } of asked.topics)
          this.committed.push(...partitions.map((one) => one.offset));
      },
    } as unknown as EachBatchPayload;
  }
}

function startLane(handler: BatchHandler, limits = { workMs: 10_000, drainMs: 10_000 }) {
  const sought: string[] = [];
  const consumer = {
    pause() {},
    resume() {},
    seek: ({ topic, partition, offset }: TopicPartitionOffset) =>
      void sought.push(`${topic}/${partition}@${offset}`),
  };
  const handlers = new Map([['a', handler]]);
  const lane = new Lane({
    consumer,
    topicPrefix: 'stage-',
    sessionTimeoutMs: 10_000,
    handlers,
    log: silent,
    limits,
  });
  lane.heartbeats.answered(Date.now());
  lane.heartbeats.alive();
  lane.joined({ 'stage-a': [0, 1] }, 'member-1');
  return Object.assign(lane, { sought });
}

const settleAll: BatchHandler = async (batch) => {
  for (const record of batch.records) batch.settled(record);
  return undefined;
};

describe('Lane', () => {
  const lanes: Lane[] = [];
  const start = (...args: Parameters<typeof startLane>): ReturnType<typeof startLane> => {
    const lane = startLane(...args);
    lanes.push(lane);
    return lane;
  };

  afterEach(() => {
    for (const lane of lanes.splice(0)) lane.close();
  });

  it('passes with a finished batch also what lies behind its last record', async () => {
    const side = new KafkajsSide();
    await start(settleAll).eachBatch(side.payload([3, 4, 9]));
    expect(side).toMatchObject({ resolved: ['9'], committed: ['11'] });
  });

  it('commits the contiguous prefix of one that is not finished', async () => {
    const side = new KafkajsSide();
    const lane = start(async (batch) => {
      for (const record of batch.records) if (record.offset !== '4') batch.settled(record);
      return undefined;
    });
    await lane.eachBatch(side.payload([3, 4, 9]));
    expect(side).toMatchObject({ resolved: ['3'], committed: ['4'] });
    expect(lane.partitions.lag().get('stage-a')).toBe(96);
  });

  it('does not hand out again what was settled behind an unsettled record, unless it is another record', async () => {
    const side = new KafkajsSide();
    const handed: string[][] = [];
    const lane = start(async (batch) => {
      handed.push(batch.records.map(({ offset }) => offset));
      for (const record of batch.records) if (record.offset !== '3') batch.settled(record);
      return { resumeAt: 0 };
    });
    await lane.eachBatch(side.payload([3, 4, 9]));
    while (lane.pauses.isPaused('stage-a', 0)) await nextTurn();
    const again = side.payload([3, 4, 9]);
    again.batch.messages[2]!.timestamp = '1';
    await lane.eachBatch(again);
    expect(handed).toEqual([
      ['3', '4', '9'],
      ['3', '9'],
    ]);
  });

  it('starts nothing for a partition that is not its own or rests, nor once it is closed', async () => {
    const side = new KafkajsSide();
    let calls = 0;
    const lane = start(async () => {
      calls++;
      return undefined;
    });
    await lane.eachBatch(side.payload([1], 'stage-a', 2));
    lane.pauses.setAll(true);
    await lane.eachBatch(side.payload([1]));
    lane.pauses.setAll(false);
    lane.close();
    await lane.eachBatch(side.payload([1]));
    expect(calls).toBe(0);
    expect(side).toMatchObject({ resolved: [], committed: [] });
  });

  it('starts nothing when the group may have forgotten it, and tells kafkajs nothing of that', async () => {
    const side = new KafkajsSide();
    side.heartbeat = () => Promise.reject(new Error('UNKNOWN_MEMBER_ID'));
    let calls = 0;
    const lane = start(async () => {
      calls++;
      return undefined;
    });
    lane.heartbeats.answered(Date.now() - 8_000);
    lane.heartbeats.alive();
    await lane.eachBatch(side.payload([1]));
    expect(calls).toBe(0);
    expect(side.resolved).toEqual([]);
  });

  it('tells the work to end when its time is up, and leaves it alone when it does not', async () => {
    const side = new KafkajsSide();
    let reason: unknown;
    let later: (() => void) | undefined;
    let zombie: RecordBatch | undefined;
    const lane = start(
      async (batch) => {
        zombie = batch;
        batch.settled(batch.records[0]!);
        batch.signal.addEventListener('abort', () => (reason = batch.signal.reason));
        await new Promise<void>((resolve) => (later = resolve));
        batch.settled(batch.records[1]!);
        return undefined;
      },
      { workMs: 50, drainMs: 50 },
    );
    await lane.eachBatch(side.payload([1, 2]));
    expect(reason).toMatchObject({ code: 'time-up' });
    expect(side).toMatchObject({ resolved: ['1'], committed: ['2'] });
    later?.();
    await nextTurn();
    await expect(zombie!.fence()).rejects.toMatchObject({ code: 'partition-lost' });
    expect(side).toMatchObject({ resolved: ['1'], committed: ['2'] });
  });

  it('ends the work of a partition that a rebalance took away and commits nothing of it', async () => {
    const side = new KafkajsSide();
    const began = Promise.withResolvers<void>();
    let reason: unknown;
    const lane = start(async (batch) => {
      batch.settled(batch.records[0]!);
      began.resolve();
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      reason = batch.signal.reason;
      return undefined;
    });
    const worked = lane.eachBatch(side.payload([1, 2]));
    await began.promise;
    lane.joined({ 'stage-a': [1] }, 'member-1');
    await worked;
    expect(reason).toMatchObject({ code: 'partition-lost' });
    expect(side).toMatchObject({ resolved: [], committed: [] });
  });

  it('goes on where it is after a rebalance in which the group knew it, also with what was not committed', async () => {
    const side = new KafkajsSide();
    const lane = start(settleAll);
    side.commit = () => Promise.reject(new Error('the coordinator is away'));
    await lane.eachBatch(side.payload([3, 4, 9]));
    expect(side.committed).toEqual([]);
    side.commit = undefined;
    lane.joined({ 'stage-a': [0, 1, 2] }, 'member-1');
    expect(lane.sought).toEqual(['stage-a/0@11']);
    await lane.eachBatch(side.payload([1], 'stage-a', 2));
    expect(side.committed).toEqual(['11', '3']);
  });

  it('goes by what the group has committed when the group had forgotten it, or another had the partition', async () => {
    const side = new KafkajsSide();
    const lane = start(settleAll);
    await lane.eachBatch(side.payload([3]));
    lane.joined({ 'stage-a': [0, 1] }, 'member-2');
    expect(lane.sought).toEqual([]);
    await lane.eachBatch(side.payload([5]));
    lane.joined({ 'stage-a': [1] }, 'member-2');
    lane.joined({ 'stage-a': [0, 1] }, 'member-2');
    expect(lane.sought).toEqual([]);
  });

  it('does not go back behind the work in hand', async () => {
    const side = new KafkajsSide();
    const lane = start(async (batch) => {
      lane.joined({ 'stage-a': [0, 1] }, 'member-1');
      return settleAll(batch);
    });
    await lane.eachBatch(side.payload([3, 4]));
    expect(lane.sought).toEqual([]);
    expect(side).toMatchObject({ resolved: ['4'], committed: ['6'] });
  });

  it('lets a partition rest for a second whose handler settled nothing and wished nothing', async () => {
    const lane = start(async () => undefined);
    await lane.eachBatch(new KafkajsSide().payload([1]));
    expect(lane.pauses.isPaused('stage-a', 0)).toBe(true);
    expect(lane.pauses.isPaused('stage-a', 1)).toBe(false);
  });

  it('counts a batch of which the reader sees nothing as read', async () => {
    const side = new KafkajsSide();
    const lane = start(settleAll);
    await lane.eachBatch(side.payload([1]));
    const ended = { topic: 'stage-a', partition: 0, batchSize: 0, lastOffset: '98' };
    lane.batchEnded(ended as Parameters<Lane['batchEnded']>[0]);
    expect(lane.partitions.lag().get('stage-a')).toBe(1);
    await lane.eachBatch(side.payload([99], 'stage-a', 1));
    expect(side.committed).toEqual(['3', '99', '101']);
  });

  it('refuses to settle a record of another batch', async () => {
    const lane = start(async (batch) => {
      expect(() => batch.settled({ ...batch.records[0]!, offset: '7' })).toThrow(
        /a\/0@7 is no record of this batch/,
      );
      return undefined;
    });
    await lane.eachBatch(new KafkajsSide().payload([1]));
    expect.assertions(1);
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
