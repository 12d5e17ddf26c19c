import type { RecordBatch } from '#delivery';
import type {
  EachBatchPayload,
  KafkaMessage,
  Offsets,
  TopicPartitionOffset,
} from '../kafkajs/kafka-client.ts';
import { BatchDispatcher } from './batch-dispatcher.ts';
import type { BatchHandler } from './process-batch.ts';

const MINE = { 'stage-a': [0, 1], 'stage-ordered': [0] };

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** kafkajs' side of a dispatcher: what it hands over, and what it is told. */
class KafkajsSide {
  readonly resolved: string[] = [];
  readonly committed: string[] = [];
  heartbeat: () => Promise<void> = async () => undefined;
  commit: (() => Promise<void>) | undefined;
  stale = false;

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
      isStale: () => this.stale,
      commitOffsetsIfNecessary: async (asked: Offsets) => {
        await this.commit?.();
        for (const { partitions } of asked.topics)
          this.committed.push(...partitions.map((one) => one.offset));
      },
    } as unknown as EachBatchPayload;
  }
}

const LIMITS = { processingMs: 10_000, drainMs: 10_000, records: 10, bytes: 1_000 };

function startDispatcher(handler: BatchHandler, limits: Partial<typeof LIMITS> = {}) {
  const sought: string[] = [];
  const seeks = { clear: () => void sought.splice(0) };
  const consumer = {
    pause() {},
    resume() {},
    seek: ({ topic, partition, offset }: TopicPartitionOffset) =>
      void sought.push(`${topic}/${partition}@${offset}`),
  };
  const handlers = new Map([
    ['a', handler],
    ['ordered', handler],
  ]);
  const dispatcher = new BatchDispatcher({
    consumer,
    topicPrefix: 'stage-',
    sessionTimeoutMs: 10_000,
    handlers,
    inOrder: new Set(['ordered']),
    log: silent,
    limits: { ...LIMITS, ...limits },
  });
  dispatcher.heartbeats.answered(Date.now());
  dispatcher.heartbeats.confirmed();
  dispatcher.onPartitionsAssigned(MINE, 'member-1');
  return Object.assign(dispatcher, { sought, seeks, consumer });
}

/** Hands a batch over and waits until it is worked. */
async function worked(dispatcher: BatchDispatcher, payload: EachBatchPayload): Promise<void> {
  await dispatcher.eachBatch(payload);
  await dispatcher.drain();
}

const settleAll: BatchHandler = async (batch) => {
  for (const record of batch.records) batch.settled(record);
  return undefined;
};

describe('BatchDispatcher', () => {
  const dispatchers: BatchDispatcher[] = [];
  const start = (...args: Parameters<typeof startDispatcher>): ReturnType<typeof startDispatcher> => {
    const dispatcher = startDispatcher(...args);
    dispatchers.push(dispatcher);
    return dispatcher;
  };

  afterEach(() => {
    for (const dispatcher of dispatchers.splice(0)) void dispatcher.close();
  });

  it('passes with a finished batch also what lies behind its last record', async () => {
    const side = new KafkajsSide();
    await worked(start(settleAll), side.payload([3, 4, 9]));
    expect(side).toMatchObject({ resolved: ['9'], committed: ['11'] });
  });

  it('commits the contiguous prefix of one that is not finished', async () => {
    const side = new KafkajsSide();
    const dispatcher = start(async (batch) => {
      for (const record of batch.records) if (record.offset !== '4') batch.settled(record);
      return undefined;
    });
    await worked(dispatcher, side.payload([3, 4, 9]));
    expect(side).toMatchObject({ resolved: ['9'], committed: ['4'] });
    expect(dispatcher.sought).toEqual(['stage-a/0@4']);
    expect(dispatcher.partitions.lag().get('stage-a')).toBe(96);
  });

  it('does not hand out again what was settled behind an unsettled record, unless it is another record', async () => {
    const side = new KafkajsSide();
    const handed: string[][] = [];
    const dispatcher = start(async (batch) => {
      handed.push(batch.records.map(({ offset }) => offset));
      for (const record of batch.records) if (record.offset !== '3') batch.settled(record);
      return { resumeAt: 0 };
    });
    await worked(dispatcher, side.payload([3, 4, 9]));
    while (dispatcher.pauses.isPaused('stage-a', 0)) await nextTurn();
    const again = side.payload([3, 4, 9]);
    again.batch.messages[2]!.timestamp = '1';
    await worked(dispatcher, again);
    expect(handed).toEqual([
      ['3', '4', '9'],
      ['3', '9'],
    ]);
  });

  it('starts nothing for a partition that is not its own or rests, nor once it is closed', async () => {
    const side = new KafkajsSide();
    let calls = 0;
    const dispatcher = start(async () => {
      calls++;
      return undefined;
    });
    await worked(dispatcher, side.payload([1], 'stage-a', 2));
    dispatcher.pauses.setAll(true);
    await worked(dispatcher, side.payload([1]));
    dispatcher.pauses.setAll(false);
    await dispatcher.close();
    await worked(dispatcher, side.payload([1]));
    expect(calls).toBe(0);
    expect(side).toMatchObject({ resolved: [], committed: [] });
  });

  it('starts nothing when the group may have forgotten it, and tells kafkajs nothing of that', async () => {
    const side = new KafkajsSide();
    side.heartbeat = () => Promise.reject(new Error('UNKNOWN_MEMBER_ID'));
    let calls = 0;
    const dispatcher = start(async () => {
      calls++;
      return undefined;
    });
    dispatcher.heartbeats.answered(Date.now() - 8_000);
    dispatcher.heartbeats.confirmed();
    await worked(dispatcher, side.payload([1]));
    expect(calls).toBe(0);
    expect(side.committed).toEqual([]);
    expect(dispatcher.sought).toEqual(['stage-a/0@1']);
  });

  it('tells the work to end when its time is up, and leaves it alone when it does not', async () => {
    const side = new KafkajsSide();
    let reason: unknown;
    let later: (() => void) | undefined;
    let zombie: RecordBatch | undefined;
    const dispatcher = start(
      async (batch) => {
        zombie = batch;
        batch.settled(batch.records[0]!);
        batch.signal.addEventListener('abort', () => (reason = batch.signal.reason));
        await new Promise<void>((resolve) => (later = resolve));
        batch.settled(batch.records[1]!);
        return undefined;
      },
      { processingMs: 50, drainMs: 50 },
    );
    await worked(dispatcher, side.payload([1, 2]));
    expect(reason).toMatchObject({ code: 'time-up' });
    expect(side.committed).toEqual(['2']);
    expect(dispatcher.sought).toEqual(['stage-a/0@2']);
    later?.();
    await nextTurn();
    await expect(zombie!.fence()).rejects.toMatchObject({ code: 'partition-lost' });
    expect(side.committed).toEqual(['2']);
  });

  it('ends the work of a partition that a rebalance took away and commits nothing of it', async () => {
    const side = new KafkajsSide();
    const began = Promise.withResolvers<void>();
    let reason: unknown;
    const dispatcher = start(async (batch) => {
      batch.settled(batch.records[0]!);
      began.resolve();
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      reason = batch.signal.reason;
      return undefined;
    });
    await dispatcher.eachBatch(side.payload([1, 2]));
    await began.promise;
    dispatcher.onPartitionsAssigned({ 'stage-a': [1] }, 'member-1');
    await dispatcher.drain();
    expect(reason).toMatchObject({ code: 'partition-lost' });
    expect(side.committed).toEqual([]);
    expect(dispatcher.sought).toEqual([]);
  });

  it('goes on where it is after a rebalance in which the group knew it, also with what was not committed', async () => {
    const side = new KafkajsSide();
    const dispatcher = start(settleAll);
    side.commit = () => Promise.reject(new Error('the coordinator is away'));
    await worked(dispatcher, side.payload([3, 4, 9]));
    expect(side.committed).toEqual([]);
    side.commit = undefined;
    dispatcher.onPartitionsAssigned({ 'stage-a': [0, 1, 2] }, 'member-1');
    expect(dispatcher.sought).toEqual(['stage-a/0@11']);
    await worked(dispatcher, side.payload([1], 'stage-a', 2));
    expect(side.committed).toEqual(['11', '3']);
  });

  it('goes by what the group has committed when the group had forgotten it, or another had the partition', async () => {
    const side = new KafkajsSide();
    const dispatcher = start(settleAll);
    await worked(dispatcher, side.payload([3]));
    dispatcher.onPartitionsAssigned(MINE, 'member-2');
    expect(dispatcher.sought).toEqual([]);
    await worked(dispatcher, side.payload([5]));
    dispatcher.onPartitionsAssigned({ 'stage-a': [1] }, 'member-2');
    dispatcher.onPartitionsAssigned(MINE, 'member-2');
    expect(dispatcher.sought).toEqual([]);
  });

  it('reads on behind the work in hand after a rebalance in which the group knew it', async () => {
    const side = new KafkajsSide();
    const dispatcher = start(async (batch) => {
      dispatcher.onPartitionsAssigned(MINE, 'member-1');
      return settleAll(batch);
    });
    await worked(dispatcher, side.payload([3, 4]));
    expect(dispatcher.sought).toEqual(['stage-a/0@6']);
    expect(side.committed).toEqual(['6']);
  });

  it('lets a partition rest for a second whose handler settled nothing and wished nothing', async () => {
    const dispatcher = start(async () => undefined);
    await worked(dispatcher, new KafkajsSide().payload([1]));
    expect(dispatcher.pauses.isPaused('stage-a', 0)).toBe(true);
    expect(dispatcher.pauses.isPaused('stage-a', 1)).toBe(false);
  });

  it('counts a batch of which the reader sees nothing as read', async () => {
    const side = new KafkajsSide();
    const dispatcher = start(settleAll);
    await worked(dispatcher, side.payload([1]));
    const ended = { topic: 'stage-a', partition: 0, batchSize: 0, lastOffset: '98' };
    dispatcher.onBatchEnd(ended as Ended);
    expect(dispatcher.partitions.lag().get('stage-a')).toBe(1);
    await worked(dispatcher, side.payload([99], 'stage-a', 1));
    expect(side.committed).toEqual(['3', '99', '101']);
  });

  it('reads on while a batch is in work, and commits no further than all is settled', async () => {
    const side = new KafkajsSide();
    const hands = new Map<string, () => void>();
    const dispatcher = start(async (batch) => {
      await new Promise<void>((resolve) => hands.set(batch.records[0]!.offset, resolve));
      return settleAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1, 2]));
    await dispatcher.eachBatch(side.payload([4, 5]));
    await eventually(() => hands.size === 2);
    expect(side.resolved).toEqual(['2', '5']);
    hands.get('4')!();
    await nextTurn();
    expect(dispatcher.partitions.get('stage-a', 0)!.position).toBe(1);
    expect(side.committed).toEqual([]);
    hands.get('1')!();
    await dispatcher.drain();
    expect(side.committed).toEqual(['7']);
  });

  it('reads no further while more than its limit is unsettled', async () => {
    const side = new KafkajsSide();
    const goOn = Promise.withResolvers<void>();
    const limits = { records: 1 };
    const dispatcher = start(async (batch) => {
      await goOn.promise;
      batch.settled(batch.records[0]!);
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      return undefined;
    }, limits);
    let isFree = false;
    const handed = dispatcher.eachBatch(side.payload([1, 2])).then(() => (isFree = true));
    await nextTurn();
    expect(isFree).toBe(false);
    goOn.resolve();
    await handed;
    expect(dispatcher.partitions.lag().get('stage-a')).toBe(100 - 1);
  });

  it('reads no further while what is in work holds more memory than its limit', async () => {
    const side = new KafkajsSide();
    const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const dispatcher = start(
      async (batch) => {
        await ends[batch.partition]!.promise;
        return settleAll(batch);
      },
      { bytes: 3 },
    );
    await dispatcher.eachBatch(side.payload([1, 2]));
    let isFree = false;
    const handed = dispatcher.eachBatch(side.payload([5, 6], 'stage-a', 1)).then(() => (isFree = true));
    await nextTurn();
    expect(isFree).toBe(false);
    ends[0]!.resolve();
    await handed;
    ends[1]!.resolve();
    await dispatcher.drain();
  });

  it('takes nothing more behind a gap, and reads again from it when all of the partition has ended', async () => {
    const side = new KafkajsSide();
    const handed: string[][] = [];
    const later = Promise.withResolvers<void>();
    const dispatcher = start(async (batch) => {
      const offsets = batch.records.map(({ offset }) => offset);
      handed.push(offsets);
      if (offsets[0] === '4') await later.promise;
      for (const record of batch.records)
        if (record.offset !== '2' || handed.length > 2) batch.settled(record);
      return { resumeAt: 0 };
    });
    await Promise.all([
      dispatcher.eachBatch(side.payload([1, 2])),
      dispatcher.eachBatch(side.payload([4, 5])),
    ]);
    await eventually(() => dispatcher.partitions.get('stage-a', 0)!.hasGap);
    await dispatcher.eachBatch(side.payload([7]));
    expect(dispatcher.pauses.isPaused('stage-a', 0)).toBe(true);
    expect(dispatcher.sought).toEqual([]);
    later.resolve();
    await dispatcher.drain();
    expect(dispatcher.sought).toEqual(['stage-a/0@2']);
    await eventually(() => !dispatcher.pauses.isPaused('stage-a', 0));
    await worked(dispatcher, side.payload([2]));
    await worked(dispatcher, side.payload([4, 5, 7]));
    expect(handed).toEqual([['1', '2'], ['4', '5'], ['2'], ['7']]);
    expect(side.committed.at(-1)).toBe('9');
  });

  it('commits also what was settled already when it came again', async () => {
    const side = new KafkajsSide();
    let calls = 0;
    const dispatcher = start(async (batch) => {
      calls += 1;
      for (const record of batch.records) if (record.offset === '2' || calls > 1) batch.settled(record);
      return { resumeAt: 0 };
    });
    await worked(dispatcher, side.payload([1, 2]));
    await eventually(() => !dispatcher.pauses.isPaused('stage-a', 0));
    await worked(dispatcher, side.payload([1]));
    await worked(dispatcher, side.payload([2]));
    expect(calls).toBe(2);
    expect(side.committed.at(-1)).toBe('4');
  });

  it('works the batches of a partition one after the other where order counts, and none behind a gap', async () => {
    const side = new KafkajsSide();
    const handed: string[] = [];
    const first = Promise.withResolvers<void>();
    const dispatcher = start(async (batch) => {
      handed.push(batch.records[0]!.offset);
      await first.promise;
      return { resumeAt: 0 };
    });
    await dispatcher.eachBatch(side.payload([1], 'stage-ordered'));
    await dispatcher.eachBatch(side.payload([3], 'stage-ordered'));
    await nextTurn();
    expect(handed).toEqual(['1']);
    first.resolve();
    await dispatcher.drain();
    expect(handed).toEqual(['1']);
    expect(dispatcher.sought).toEqual(['stage-ordered/0@1']);
  });

  it('lets the work of a former membership end before it begins with what comes again', async () => {
    const side = new KafkajsSide();
    const steps: string[] = [];
    const dispatcher = start(async (batch) => {
      steps.push('begin');
      if (steps.length === 1) await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      await nextTurn();
      steps.push('end');
      return settleAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1]));
    await eventually(() => steps.length === 1);
    dispatcher.onPartitionsAssigned(MINE, 'member-2');
    await worked(dispatcher, side.payload([1]));
    expect(steps).toEqual(['begin', 'end', 'begin', 'end']);
    expect(side.committed).toEqual(['3']);
  });

  it('does not begin twice what comes again while it is in work', async () => {
    const side = new KafkajsSide();
    const end = Promise.withResolvers<void>();
    let calls = 0;
    const dispatcher = start(async (batch) => {
      calls += 1;
      await end.promise;
      return settleAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1, 2]));
    await dispatcher.eachBatch(side.payload([1, 2]));
    expect(dispatcher.sought).toEqual(['stage-a/0@4']);
    end.resolve();
    await dispatcher.drain();
    expect(calls).toBe(1);
  });

  it('ends and commits what is in work before it joins again', async () => {
    const side = new KafkajsSide();
    let reason: unknown;
    const dispatcher = start(async (batch) => {
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      reason = batch.signal.reason;
      batch.settled(batch.records[0]!);
      await nextTurn();
      return undefined;
    });
    await dispatcher.eachBatch(side.payload([1, 2]));
    await dispatcher.onPartitionsRevoked(dispatcher.seeks);
    expect(reason).toMatchObject({ code: 'partition-lost' });
    expect(side.committed).toEqual(['2']);
    expect(dispatcher.sought).toEqual(['stage-a/0@2']);
  });

  it('keeps no seek over a join for what others may have had meanwhile', async () => {
    const side = new KafkajsSide();
    const dispatcher = start(async (batch) => {
      if (batch.partition === 0) batch.settled(batch.records[0]!);
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      return undefined;
    });
    await dispatcher.eachBatch(side.payload([1, 2]));
    await dispatcher.eachBatch(side.payload([5, 6], 'stage-a', 1));
    await dispatcher.onPartitionsRevoked(dispatcher.seeks);
    expect(dispatcher.sought).toEqual(['stage-a/0@2', 'stage-a/1@5']);
    dispatcher.onPartitionsAssigned({ 'stage-a': [0] }, 'member-1');
    expect(dispatcher.sought).toEqual(['stage-a/0@2']);
    dispatcher.onPartitionsAssigned(MINE, 'member-2');
    expect(dispatcher.sought).toEqual([]);
  });

  it('begins no batch that was fetched before a seek', async () => {
    const side = new KafkajsSide();
    side.stale = true;
    let calls = 0;
    const dispatcher = start(async (batch) => {
      calls += 1;
      return settleAll(batch);
    });
    await worked(dispatcher, side.payload([1]));
    expect(calls).toBe(0);
    expect(side.resolved).toEqual([]);
  });

  it('lets no partition rest for ever when kafkajs is between two lives', async () => {
    const dispatcher = start(async () => ({ resumeAt: 0 }));
    dispatcher.consumer.seek = () => {
      throw new Error('Consumer group was not initialized');
    };
    await worked(dispatcher, new KafkajsSide().payload([1]));
    await eventually(() => !dispatcher.pauses.isPaused('stage-a', 0));
    expect(dispatcher.partitions.get('stage-a', 0)!.hasGap).toBe(false);
  });

  it('passes what the reader sees nothing of only when all before it is settled', async () => {
    const side = new KafkajsSide();
    const end = Promise.withResolvers<void>();
    const dispatcher = start(async (batch) => {
      await end.promise;
      return settleAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1]));
    dispatcher.onBatchEnd({ topic: 'stage-a', partition: 0, batchSize: 0, lastOffset: '98' } as Ended);
    expect(dispatcher.partitions.get('stage-a', 0)!.position).toBe(1);
    end.resolve();
    await dispatcher.drain();
    expect(side.committed).toEqual(['99']);
  });

  it('ends its work and commits it before it is closed', async () => {
    const side = new KafkajsSide();
    const dispatcher = start(async (batch) => {
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      return settleAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1]));
    await dispatcher.close();
    expect(side.committed).toEqual(['3']);
  });

  it('refuses to settle a record of another batch', async () => {
    const dispatcher = start(async (batch) => {
      expect(() => batch.settled({ ...batch.records[0]!, offset: '7' })).toThrow(
        /a\/0@7 is no record of this batch/,
      );
      return undefined;
    });
    await worked(dispatcher, new KafkajsSide().payload([1]));
    expect.assertions(1);
  });
});

type Ended = Parameters<BatchDispatcher['onBatchEnd']>[0];

/** Resolves once it is so; a test's own limit ends the waiting. */
async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
