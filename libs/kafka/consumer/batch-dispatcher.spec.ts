import type { BatchDispatcher } from './batch-dispatcher.ts';
import {
  closeDispatchers,
  eventually,
  KafkajsSide,
  nextTurn,
  processed,
  ackAll,
  startDispatcher,
} from './testing/dispatcher-for-test.ts';

type BatchEnd = Parameters<BatchDispatcher['onBatchEnd']>[0];

afterEach(closeDispatchers);

describe('BatchDispatcher', () => {
  it('commits an acknowledged batch to its end, including control records behind its last record', async () => {
    const side = new KafkajsSide();
    await processed(startDispatcher(ackAll), side.payload([3, 4, 9]));
    expect(side).toMatchObject({ resolved: ['9'], committed: ['11'] });
  });

  it('commits the contiguous prefix of a batch that is not fully acknowledged', async () => {
    const side = new KafkajsSide();
    const dispatcher = startDispatcher(async (batch) => {
      for (const record of batch.records) if (record.offset !== '4') batch.ack(record);
      return undefined;
    });
    await processed(dispatcher, side.payload([3, 4, 9]));
    expect(side).toMatchObject({ resolved: ['9'], committed: ['4'] });
    expect(dispatcher.sought).toEqual(['stage-a/0@4']);
    expect(dispatcher.partitions.lag().get('stage-a')).toBe(96);
  });

  it('does not hand out again what was acknowledged behind an unacknowledged record, unless it is another record', async () => {
    const side = new KafkajsSide();
    const handed: string[][] = [];
    const dispatcher = startDispatcher(async (batch) => {
      handed.push(batch.records.map(({ offset }) => offset));
      for (const record of batch.records) if (record.offset !== '3') batch.ack(record);
      return { resumeAt: 0 };
    });
    await processed(dispatcher, side.payload([3, 4, 9]));
    while (dispatcher.pauses.isPaused('stage-a', 0)) await nextTurn();
    const again = side.payload([3, 4, 9]);
    again.batch.messages[2]!.timestamp = '1';
    await processed(dispatcher, again);
    expect(handed).toEqual([
      ['3', '4', '9'],
      ['3', '9'],
    ]);
  });

  it('pauses a partition for a second when its handler acknowledged nothing and asked for nothing', async () => {
    const dispatcher = startDispatcher(async () => undefined);
    await processed(dispatcher, new KafkajsSide().payload([1]));
    expect(dispatcher.pauses.isPaused('stage-a', 0)).toBe(true);
    expect(dispatcher.pauses.isPaused('stage-a', 1)).toBe(false);
  });

  it('counts a batch without records as read', async () => {
    const side = new KafkajsSide();
    const dispatcher = startDispatcher(ackAll);
    await processed(dispatcher, side.payload([1]));
    const ended = { topic: 'stage-a', partition: 0, batchSize: 0, lastOffset: '98' };
    dispatcher.onBatchEnd(ended as BatchEnd);
    expect(dispatcher.partitions.lag().get('stage-a')).toBe(1);
    await processed(dispatcher, side.payload([99], 'stage-a', 1));
    expect(side.committed).toEqual(['3', '99', '101']);
  });

  it('passes a batch without records only when everything before it is acknowledged', async () => {
    const side = new KafkajsSide();
    const end = Promise.withResolvers<void>();
    const dispatcher = startDispatcher(async (batch) => {
      await end.promise;
      return ackAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1]));
    dispatcher.onBatchEnd({ topic: 'stage-a', partition: 0, batchSize: 0, lastOffset: '98' } as BatchEnd);
    expect(dispatcher.partitions.get('stage-a', 0)!.position).toBe(1);
    end.resolve();
    await dispatcher.drain();
    expect(side.committed).toEqual(['99']);
  });

  it('fetches on while a batch is in flight, and commits only as far as everything is acknowledged', async () => {
    const side = new KafkajsSide();
    const hands = new Map<string, () => void>();
    const dispatcher = startDispatcher(async (batch) => {
      await new Promise<void>((resolve) => hands.set(batch.records[0]!.offset, resolve));
      return ackAll(batch);
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

  it('accepts nothing behind a gap, and fetches from it again when all batches of the partition have ended', async () => {
    const side = new KafkajsSide();
    const handed: string[][] = [];
    const later = Promise.withResolvers<void>();
    const dispatcher = startDispatcher(async (batch) => {
      const offsets = batch.records.map(({ offset }) => offset);
      handed.push(offsets);
      if (offsets[0] === '4') await later.promise;
      for (const record of batch.records) if (record.offset !== '2' || handed.length > 2) batch.ack(record);
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
    await processed(dispatcher, side.payload([2]));
    await processed(dispatcher, side.payload([4, 5, 7]));
    expect(handed).toEqual([['1', '2'], ['4', '5'], ['2'], ['7']]);
    expect(side.committed.at(-1)).toBe('9');
  });

  it('also commits records that were acknowledged already when they were fetched again', async () => {
    const side = new KafkajsSide();
    let calls = 0;
    const dispatcher = startDispatcher(async (batch) => {
      calls += 1;
      for (const record of batch.records) if (record.offset === '2' || calls > 1) batch.ack(record);
      return { resumeAt: 0 };
    });
    await processed(dispatcher, side.payload([1, 2]));
    await eventually(() => !dispatcher.pauses.isPaused('stage-a', 0));
    await processed(dispatcher, side.payload([1]));
    await processed(dispatcher, side.payload([2]));
    expect(calls).toBe(2);
    expect(side.committed.at(-1)).toBe('4');
  });

  it('processes the batches of an ordered topic one after the other, and none behind a gap', async () => {
    const side = new KafkajsSide();
    const handed: string[] = [];
    const first = Promise.withResolvers<void>();
    const dispatcher = startDispatcher(async (batch) => {
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

  it('refuses to acknowledge a record of another batch', async () => {
    const dispatcher = startDispatcher(async (batch) => {
      expect(() => batch.ack({ ...batch.records[0]!, offset: '7' })).toThrow(
        /a\/0@7 is no record of this batch/,
      );
      return undefined;
    });
    await processed(dispatcher, new KafkajsSide().payload([1]));
    expect.assertions(1);
  });
});
