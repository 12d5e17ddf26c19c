import { setImmediate as nextTurn } from 'node:timers/promises';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import { PublishCall } from './publish-call.ts';
import { RetryingSender, type Outgoing, type SendOnce } from './retrying-sender.ts';

interface Item extends Outgoing {
  readonly id: number;
}

const notLeader = new KafkaError('kafka', 'Kafka: NOT_LEADER_FOR_PARTITION', { retryable: true });
const tooLarge = new KafkaError('too-large', 'Kafka: MESSAGE_TOO_LARGE', { retryable: false });

/** A call with a record for each partition named. */
function callTo(
  partitions: readonly number[],
  withinMs = 10_000,
  signal?: AbortSignal,
): { call: PublishCall; items: Item[] } {
  const call = new PublishCall(partitions.length, withinMs, signal);
  const items = partitions.map((chosen, id) => ({ topic: 't', bytes: 1, call, message: { chosen }, id }));
  return { call, items };
}

const partitionsOf = (items: readonly Item[]): string => items.map(({ message }) => message.chosen).join();

/** What a promise rejects with, awaited later than it happens. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const sendUntilAcknowledged = (items: readonly Item[], send: SendOnce<Item>): Promise<void> =>
  new RetryingSender(send, 1_000).deliver(items);

describe('RetryingSender', () => {
  it('resolves a call when every record of it is acknowledged', async () => {
    const { call, items } = callTo([0, 1]);
    await sendUntilAcknowledged(items, async () => undefined);
    await expect(call.promise).resolves.toBeUndefined();
  });

  it('sends the whole again until it is acknowledged', async () => {
    const { call, items } = callTo([0]);
    let sends = 0;
    await sendUntilAcknowledged(items, async () => {
      sends++;
      if (sends < 4) throw notLeader;
    });
    await call.promise;
    expect(sends).toBe(4);
  });

  it('lets each partition go on alone after a failure, so that one without a leader holds up nobody', async () => {
    const broken = callTo([1], 400);
    const healthy = callTo([0, 2]);
    const sends: string[] = [];
    const sending = sendUntilAcknowledged([...broken.items, ...healthy.items], async (items) => {
      sends.push(partitionsOf(items));
      if (items.some(({ message }) => message.chosen === 1)) throw notLeader;
    });
    const failure = rejection(broken.call.promise);
    await healthy.call.promise;
    expect(await failure).toMatchObject({ code: 'unacknowledged', cause: notLeader });
    await sending;
    expect(sends.filter((send) => send === '0' || send === '2')).toHaveLength(2);
    expect(sends[0]).toBe('1,0,2');
  });

  it('refuses a record that is too large once, and sends those that came with it', async () => {
    const large = callTo([0]);
    const others = callTo([0, 0, 1]);
    const failure = rejection(large.call.promise);
    const sends: number[] = [];
    await sendUntilAcknowledged([...others.items, ...large.items], async (items) => {
      sends.push(items.length);
      if (items.some(({ call }) => call === large.call)) throw tooLarge;
    });
    await others.call.promise;
    expect(await failure).toBe(tooLarge);
    expect(sends.filter((count) => count === 4)).toHaveLength(1);
  });

  it('sends to a partition without a leader once at a time, however many calls come for it', async () => {
    const tried = new Set<PublishCall>();
    let retries = 0;
    let under = 0;
    let most = 0;
    const sender = new RetryingSender<Item>(async (items) => {
      const isRetry = items.some(({ call }) => tried.has(call));
      for (const { call } of items) tried.add(call);
      if (isRetry) {
        retries++;
        most = Math.max(most, ++under);
        for (let turn = 0; turn < 1_000; turn++) await nextTurn();
        under--;
      }
      if (retries < 5) throw notLeader;
    }, 1_000);
    const delivered: Promise<void>[] = [];
    while (retries < 5) {
      delivered.push(sender.deliver(callTo([0]).items));
      for (let turn = 0; turn < 100; turn++) await nextTurn();
    }
    await Promise.all(delivered);
    expect(most).toBe(1);
  });

  it('keeps the order of a partition’s records and sends no more at once than it may', async () => {
    const sent: number[][] = [];
    const sender = new RetryingSender<Item>(async (items) => {
      sent.push(items.map(({ id }) => id));
      if (sent.length < 3) throw notLeader;
    }, 3);
    const { call, items } = callTo([0, 0, 0, 0, 0, 0, 0]);
    await sender.deliver(items);
    await call.promise;
    expect(sent).toEqual([[0, 1, 2, 3, 4, 5, 6], [0, 1, 2], [0, 1, 2], [3, 4, 5], [6]]);
  });

  it('stops at the abort', async () => {
    const abort = new AbortController();
    const { call, items } = callTo([0], 10_000, abort.signal);
    const failure = rejection(call.promise);
    const sending = sendUntilAcknowledged(items, async () => {
      abort.abort();
      throw notLeader;
    });
    expect(await failure).toMatchObject({ code: 'unacknowledged', retryable: true });
    await sending;
  });

  it('sends nothing for a call that was given up before', async () => {
    const { call, items } = callTo([0], 10_000, AbortSignal.abort());
    await expect(call.promise).rejects.toMatchObject({ code: 'unacknowledged' });
    await sendUntilAcknowledged(items, async () => {
      throw new Error('sent');
    });
  });
});
