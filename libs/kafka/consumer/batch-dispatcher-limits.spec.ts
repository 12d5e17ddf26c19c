import type { RecordBatch } from '#delivery';
import {
  closeDispatchers,
  KafkajsSide,
  nextTurn,
  processed,
  ackAll,
  startDispatcher,
} from './testing/dispatcher-for-test.ts';

afterEach(closeDispatchers);

describe('BatchDispatcher, at its limits and its end', () => {
  it('accepts nothing for a partition that is not assigned or is paused, nor once it is closed', async () => {
    const side = new KafkajsSide();
    let calls = 0;
    const dispatcher = startDispatcher(async () => {
      calls++;
      return undefined;
    });
    await processed(dispatcher, side.payload([1], 'stage-a', 2));
    dispatcher.pauses.setAll(true);
    await processed(dispatcher, side.payload([1]));
    dispatcher.pauses.setAll(false);
    await dispatcher.close();
    await processed(dispatcher, side.payload([1]));
    expect(calls).toBe(0);
    expect(side).toMatchObject({ resolved: [], committed: [] });
  });

  it('aborts a batch when its time is up, and abandons it when it does not end', async () => {
    const side = new KafkajsSide();
    let reason: unknown;
    let later: (() => void) | undefined;
    let zombie: RecordBatch | undefined;
    const dispatcher = startDispatcher(
      async (batch) => {
        zombie = batch;
        batch.ack(batch.records[0]!);
        batch.signal.addEventListener('abort', () => (reason = batch.signal.reason));
        await new Promise<void>((resolve) => (later = resolve));
        batch.ack(batch.records[1]!);
        return undefined;
      },
      { processingMs: 50, drainMs: 50 },
    );
    await processed(dispatcher, side.payload([1, 2]));
    expect(reason).toMatchObject({ code: 'time-up' });
    expect(side.committed).toEqual(['2']);
    expect(dispatcher.sought).toEqual(['stage-a/0@2']);
    later?.();
    await nextTurn();
    await expect(zombie!.fence()).rejects.toMatchObject({ code: 'partition-lost' });
    expect(side.committed).toEqual(['2']);
  });

  it('fetches nothing while more records than its limit are unacknowledged', async () => {
    const side = new KafkajsSide();
    const goOn = Promise.withResolvers<void>();
    const limits = { records: 1 };
    const dispatcher = startDispatcher(async (batch) => {
      await goOn.promise;
      batch.ack(batch.records[0]!);
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

  it('fetches nothing while the batches in flight hold more memory than its limit', async () => {
    const side = new KafkajsSide();
    const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const dispatcher = startDispatcher(
      async (batch) => {
        await ends[batch.partition]!.promise;
        return ackAll(batch);
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

  it('ends and commits what is in flight before it is closed', async () => {
    const side = new KafkajsSide();
    const dispatcher = startDispatcher(async (batch) => {
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
      return ackAll(batch);
    });
    await dispatcher.eachBatch(side.payload([1]));
    await dispatcher.close();
    expect(side.committed).toEqual(['3']);
  });
});
