import { createLedger } from '#redis';
import { A, accepted, anEvent, openLedgerInRedis } from './ledger-for-test.ts';
import { keysOf, openRedis } from './redis-for-test.ts';

describe('the ledger in Redis', () => {
  it('replies to each of many batched calls, in the order in which they were made', async () => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const events = Array.from({ length: 300 }, () => anEvent());
    const tables = await Promise.all(
      events.map(async (event) => {
        const [claimed, , recorded, , found] = await Promise.all([
          ledger.claim({ event, token: event.id }),
          ledger.dataStarted(event, A, event.id),
          ledger.record(event, A, event.id, { ...accepted, response: event.id }),
          ledger.settle({ event, sequence: 1, rows: [{ ...accepted, address: A, settled: false }] }),
          ledger.find(event.source, event.id),
        ]);
        return { claimed, recorded, found };
      }),
    );
    for (const [index, { claimed, recorded, found }] of tables.entries()) {
      const event = events[index]!;
      const row = { ...accepted, address: A, response: event.id };
      expect(claimed.table.event).toEqual(event);
      expect(recorded).toEqual({ event, sequence: 1, rows: [{ ...row, settled: false }] });
      expect(found).toEqual({ event, sequence: 1, rows: [{ ...row, settled: true }] });
    }
  });

  it('refuses a foreign value under a key without affecting the other calls of the batch', async () => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const [broken, whole] = [anEvent(), anEvent()];
    await ledger.claim({ event: broken, token: 't' });
    const [{ key, node }] = (await keysOf(redis)) as [{ key: string; node: typeof redis.client }];
    await node.set(key, 'no entry');
    const [first, second, third] = await Promise.allSettled([
      ledger.claim({ event: whole, token: 't' }),
      ledger.find(broken.source, broken.id),
      ledger.dataStarted(whole, A, 't'),
    ]);
    expect([first.status, third.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'REDIS_REFUSED' } });
    await node.del(key);
    await node.lpush(key, 'no string');
    await expect(ledger.find(broken.source, broken.id)).rejects.toMatchObject({ code: 'REDIS_REFUSED' });
  });

  it('gives an event to one of many concurrent callers', async () => {
    const ledger = await openLedgerInRedis();
    const event = anEvent();
    const asked = await Promise.all(
      Array.from({ length: 100 }, (_, index) => ledger.claim({ event, token: String(index) })),
    );
    expect(asked.filter(({ claims }) => claims.get(A)?.kind === 'mine')).toHaveLength(1);
  });

  it('lets an event expire a day after its deadline, however often it is changed', async () => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const event = anEvent();
    await ledger.claim({ event, token: 't' });
    await ledger.record(event, A, 't', accepted);
    const kept = await keysOf(redis);
    expect(kept).toHaveLength(1);
    expect(await kept[0]!.node.pexpiretime(kept[0]!.key)).toBe(event.deadline + 24 * 3_600_000);
  });

  it.each(['claimed', 'answered'])(
    'keeps an event %s with an endless deadline for nine days',
    async (how) => {
      const redis = await openRedis();
      const ledger = createLedger(redis);
      const event = { ...anEvent(), deadline: Date.parse('9999-12-31T23:59:59Z') };
      if (how === 'claimed') await ledger.claim({ event, token: 't' });
      else await ledger.record(event, A, 't', accepted);
      const [{ key, node } = { key: '', node: redis.client }] = await keysOf(redis);
      const days = (await node.pttl(key)) / (24 * 3_600_000);
      expect(days).toBeGreaterThan(8);
      expect(days).toBeLessThanOrEqual(9);
    },
  );

  it('R4 remembers for nine days that an unclaimed event was superseded', async () => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const event = anEvent();
    await ledger.supersede(event.source, event.id);
    const [{ key, node } = { key: '', node: redis.client }] = await keysOf(redis);
    const days = (await node.pttl(key)) / (24 * 3_600_000);
    expect(days).toBeGreaterThan(8);
    expect(days).toBeLessThanOrEqual(9);
    await ledger.claim({ event, token: 't' });
    expect(await node.pexpiretime(key)).toBe(event.deadline + 24 * 3_600_000);
  });

  it('finds its own claims again when connections die and commands are sent twice', async () => {
    // Thousands at once, each on disk before its answer, take longer than a delivery would wait.
    const redis = await openRedis({ commandTimeoutMs: 10_000 });
    const killer = await openRedis();
    const ledger = createLedger(redis);
    const id = await redis.client.client('ID');
    const events = Array.from({ length: 2_000 }, () => anEvent());
    const claiming = events.map((event) =>
      ledger.claim({ event, token: event.id }).catch((error: unknown) => error),
    );
    await killer.client.client('KILL', 'ID', String(id));
    const first = await Promise.all(claiming);
    for (const failure of first.filter((one) => one instanceof Error)) {
      expect(failure).toMatchObject({ code: 'REDIS_UNAVAILABLE', retryable: true });
    }
    await redis.ready(10_000);
    const second = await Promise.all(events.map((event) => ledger.claim({ event, token: event.id })));
    expect(second.every(({ claims }) => claims.get(A)?.kind === 'mine')).toBe(true);
  });
});
