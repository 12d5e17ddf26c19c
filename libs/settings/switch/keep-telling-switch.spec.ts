import { setImmediate as turn } from 'node:timers/promises';
import { hear } from '../testing/switch-log.ts';
import { InMemorySettingsRepository } from '../testing/in-memory-settings-repository.ts';
import { LINE, NUMBER } from '../testing/settings-for-test.ts';
import { keepTellingSwitch } from './keep-telling-switch.ts';
import type { SwitchRecord } from './tell-switch.ts';

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
  const troubles: Error[] = [];
  const closing = new AbortController();
  const heard = Promise.withResolvers<void>();
  const publisher = {
    publish: async ([record]: readonly SwitchRecord[]): Promise<void> => {
      await publish(record!);
      records.push(record!);
      heard.resolve();
    },
  };
  const start = (): Promise<void> =>
    keepTellingSwitch(
      { outbox: repository.outbox, publisher, now: Date.now },
      { signal: closing.signal, onTrouble: (error) => void troubles.push(error) },
    );
  const stop = async (running: Promise<void>): Promise<void> => {
    closing.abort();
    await running;
  };
  return { repository, records, troubles, heard: heard.promise, start, stop };
}

describe('a process that tells the switch (V5)', () => {
  it('tells what it saves itself at once, without waiting for its next round', async () => {
    const { repository, records, start, stop } = await telling();
    const running = start();
    await repository.putBulkTransfer(LINE, transfer(true));
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(hear(records).commands).toMatchObject([{ lineNumber: LINE, action: 'start' }]);
    expect(await repository.isTold(`bulk-transfer:${LINE}`)).toBe(true);
    await stop(running);
  });

  it('tells what others left behind', async () => {
    const { repository, records, heard, start, stop } = await telling();
    await repository.putBulkTransfer(LINE, transfer(false));
    const running = start();
    await heard;
    await stop(running);
    expect(hear(records).settings.size).toBe(1);
  });

  it('goes on after an outage, which it complains of once', async () => {
    let failures = 3;
    const { repository, troubles, heard, start, stop } = await telling(async () => {
      failures -= 1;
      if (failures >= 0) throw retryable;
    });
    await repository.putBulkTransfer(LINE, transfer(false));
    const running = start();
    await heard;
    await stop(running);
    expect(troubles).toEqual([retryable]);
    expect(await repository.isTold(`bulk-transfer:${LINE}`)).toBe(true);
  });

  it('is not held up by a place that cannot be told', async () => {
    const { repository, records, heard, start, stop } = await telling(async ({ key }) => {
      if (String(key) === LINE) throw new Error('broken');
    });
    await repository.putBulkTransfer(LINE, transfer(false));
    await repository.putBulkTransfer(OTHER, { enabled: false, destinations: {} });
    const running = start();
    await heard;
    await stop(running);
    expect(records.map(({ key }) => String(key))).toEqual([OTHER]);
  });
});
