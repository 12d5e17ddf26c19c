import {
  closeDispatchers,
  eventually,
  KafkajsSide,
  MINE,
  nextTurn,
  processed,
  ackAll,
  startDispatcher,
} from './testing/dispatcher-for-test.ts';

afterEach(closeDispatchers);

describe('BatchDispatcher, in a rebalance', () => {
  it('processes nothing when the group may have dropped it, without an error for kafkajs', async () => {
    const side = new KafkajsSide();
    side.heartbeat = () => Promise.reject(new Error('UNKNOWN_MEMBER_ID'));
    let calls = 0;
    const dispatcher = startDispatcher(async () => {
      calls++;
      return undefined;
    });
    dispatcher.heartbeats.answered(Date.now() - 8_000);
    dispatcher.heartbeats.confirmed();
    await processed(dispatcher, side.payload([1]));
    expect(calls).toBe(0);
    expect(side.committed).toEqual([]);
    expect(dispatcher.sought).toEqual(['stage-a/0@1']);
  });

  it('aborts the batches of a partition that a rebalance took away, and commits nothing of them', async () => {
    const side = new KafkajsSide();
    const began = Promise.withResolvers<void>();
    let reason: unknown;
    const dispatcher = startDispatcher(async (batch) => {
      batch.ack(batch.records[0]!);
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

  it('goes on from where it was when it stays the same member, even from what was not committed', async () => {
    const side = new KafkajsSide();
    const dispatcher = startDispatcher(ackAll);
    side.commit = () => Promise.reject(new Error('the coordinator is away'));
    await processed(dispatcher, side.payload([3, 4, 9]));
    expect(side.committed).toEqual([]);
    side.commit = undefined;
    dispatcher.onPartitionsAssigned({ 'stage-a': [0, 1, 2] }, 'member-1');
    expect(dispatcher.sought).toEqual(['stage-a/0@11']);
    await processed(dispatcher, side.payload([1], 'stage-a', 2));
    expect(side.committed).toEqual(['11', '3']);
  });

  it('goes by the committed offset when it is a new member, or another had the partition', async () => {
    const side = new KafkajsSide();
    const dispatcher = startDispatcher(ackAll);
    await processed(dispatcher, side.payload([3]));
    dispatcher.onPartitionsAssigned(MINE, 'member-2');
    expect(dispatcher.sought).toEqual([]);
    await processed(dispatcher, side.payload([5]));
    dispatcher.onPartitionsAssigned({ 'stage-a': [1] }, 'member-2');
    dispatcher.onPartitionsAssigned(MINE, 'member-2');
    expect(dispatcher.sought).toEqual([]);
  });

  it('fetches on behind what is in flight when it stays the same member', async () => {
    const side = new KafkajsSide();
    const dispatcher = startDispatcher(async (batch) => {
      dispatcher.onPartitionsAssigned(MINE, 'member-1');
      return ackAll(batch);
    });
    await processed(dispatcher, side.payload([3, 4]));
    expect(dispatcher.sought).toEqual(['stage-a/0@6']);
    expect(side.committed).toEqual(['6']);
  });

  it('lets the batches of a former membership end before it processes their records again', async () => {
    const side = new KafkajsSide();
    const steps: string[] = [];
    const dispatcher = startDispatcher(async (batch) => {
      steps.push('begin');
      if (steps.length === 1) await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      await nextTurn();
      steps.push('end');
      return ackAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1]));
    await eventually(() => steps.length === 1);
    dispatcher.onPartitionsAssigned(MINE, 'member-2');
    await processed(dispatcher, side.payload([1]));
    expect(steps).toEqual(['begin', 'end', 'begin', 'end']);
    expect(side.committed).toEqual(['3']);
  });

  it('does not process a batch twice that is fetched again while it is in flight', async () => {
    const side = new KafkajsSide();
    const end = Promise.withResolvers<void>();
    let calls = 0;
    const dispatcher = startDispatcher(async (batch) => {
      calls += 1;
      await end.promise;
      return ackAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1, 2]));
    await dispatcher.eachBatch(side.payload([1, 2]));
    expect(dispatcher.sought).toEqual(['stage-a/0@4']);
    end.resolve();
    await dispatcher.drain();
    expect(calls).toBe(1);
  });

  it('ends and commits what is in flight before its partitions are revoked', async () => {
    const side = new KafkajsSide();
    let reason: unknown;
    const dispatcher = startDispatcher(async (batch) => {
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      reason = batch.signal.reason;
      batch.ack(batch.records[0]!);
      await nextTurn();
      return undefined;
    });
    await dispatcher.eachBatch(side.payload([1, 2]));
    await dispatcher.onPartitionsRevoked(dispatcher.seeks);
    expect(reason).toMatchObject({ code: 'partition-lost' });
    expect(side.committed).toEqual(['2']);
    expect(dispatcher.sought).toEqual(['stage-a/0@2']);
  });

  it('keeps no pending seek for partitions that other consumers may have had', async () => {
    const side = new KafkajsSide();
    const dispatcher = startDispatcher(async (batch) => {
      if (batch.partition === 0) batch.ack(batch.records[0]!);
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

  it('accepts no batch that was fetched before a seek', async () => {
    const side = new KafkajsSide();
    side.stale = true;
    let calls = 0;
    const dispatcher = startDispatcher(async (batch) => {
      calls += 1;
      return ackAll(batch);
    });
    await processed(dispatcher, side.payload([1]));
    expect(calls).toBe(0);
    expect(side.resolved).toEqual([]);
  });

  it('leaves no partition paused when it cannot seek because the consumer is being replaced', async () => {
    const dispatcher = startDispatcher(async () => ({ resumeAt: 0 }));
    dispatcher.consumer.seek = () => {
      throw new Error('Consumer group was not initialized');
    };
    await processed(dispatcher, new KafkajsSide().payload([1]));
    await eventually(() => !dispatcher.pauses.isPaused('stage-a', 0));
    expect(dispatcher.partitions.get('stage-a', 0)!.hasGap).toBe(false);
  });
});
