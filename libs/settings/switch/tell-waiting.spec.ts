import { setImmediate as turn } from 'node:timers/promises';
import { hear } from '../testing/switch-log.ts';
import { InMemorySettingsRepository } from '../testing/in-memory-settings-repository.ts';
import { LINE, NUMBER } from '../testing/settings-for-test.ts';
import { tellNews } from './tell-news.ts';
import type { SwitchRecord } from './tell-switch.ts';
import { tellWaiting } from './tell-waiting.ts';

const OTHER = '0312345600';
const retryable = Object.assign(new Error('away'), { retryable: true });
const transfer = (enabled: boolean) => ({ enabled, destinations: { [NUMBER]: '0698765432' } });

/** Settings of two lines, and a process that tells; `publish` is asked before each record. */
async function telling(publish: (record: SwitchRecord) => Promise<void> = async () => undefined) {
  const repository = new InMemorySettingsRepository();
  for (const lineNumber of [LINE, OTHER])
    await repository.putLine({
      lineNumber,
      brand: 'ntt-east',
      contractor: '',
      numbers: lineNumber === LINE ? [LINE, NUMBER] : [lineNumber],
    });
  const records: SwitchRecord[] = [];
  const closing = new AbortController();
  const publisher = {
    publish: async ([record]: readonly SwitchRecord[]): Promise<void> => {
      await publish(record!);
      records.push(record!);
    },
  };
  const deps = { outbox: repository.outbox, publisher, now: Date.now };
  return { repository, records, deps, closing };
}

describe('a process that tells the switch (V5)', () => {
  it('tells what it saves itself at once, without waiting for its next round', async () => {
    const { repository, records, deps, closing } = await telling();
    const running = tellNews(deps, closing.signal);
    await repository.putBulkTransfer(LINE, transfer(true));
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(hear(records).commands).toMatchObject([{ lineNumber: LINE, action: 'start' }]);
    expect(await repository.isTold(`bulk-transfer:${LINE}`)).toBe(true);
    closing.abort();
    await running;
  });

  it('finishes what it publishes when it ends, and begins nothing more', async () => {
    const begun = Promise.withResolvers<void>();
    const acknowledged = Promise.withResolvers<void>();
    const { repository, records, deps, closing } = await telling(() => {
      begun.resolve();
      return acknowledged.promise;
    });
    let isOver = false;
    const running = tellNews(deps, closing.signal).then(() => (isOver = true));
    await repository.putBulkTransfer(LINE, transfer(false));
    await begun.promise;
    closing.abort();
    await turn();
    expect(isOver).toBe(false);
    acknowledged.resolve();
    await running;
    expect(records).toHaveLength(1);
    await repository.putBulkTransfer(OTHER, { enabled: false, destinations: {} });
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(records).toHaveLength(1);
  });

  it('tells what others left behind', async () => {
    const { repository, records, deps, closing } = await telling();
    await repository.putBulkTransfer(LINE, transfer(false));
    await tellWaiting(deps, closing.signal);
    expect(hear(records).settings.size).toBe(1);
  });

  it('says why it cannot, and tells it when the outage is over', async () => {
    let isAway = true;
    const { repository, deps, closing } = await telling(async () => {
      if (isAway) throw retryable;
    });
    await repository.putBulkTransfer(LINE, transfer(false));
    await expect(tellWaiting(deps, closing.signal)).rejects.toBe(retryable);
    isAway = false;
    await tellWaiting(deps, closing.signal);
    expect(await repository.isTold(`bulk-transfer:${LINE}`)).toBe(true);
  });

  it('is not held up by a place that cannot be told', async () => {
    const broken = new Error('broken');
    const { repository, records, deps, closing } = await telling(async ({ key }) => {
      if (String(key) === LINE) throw broken;
    });
    await repository.putBulkTransfer(LINE, transfer(false));
    await repository.putBulkTransfer(OTHER, { enabled: false, destinations: {} });
    await expect(tellWaiting(deps, closing.signal)).rejects.toBe(broken);
    expect(records.map(({ key }) => String(key))).toEqual([OTHER]);
  });
});
