import { jest } from '@jest/globals';
import { createRecent } from './recent.ts';

describe('what was read lately', () => {
  it('is read once for all who come within a few seconds', async () => {
    let [reads, now] = [0, 0];
    const recent = createRecent(
      async () => (reads += 1),
      () => now,
    );
    expect(await Promise.all([recent.lately(), recent.lately()])).toEqual([1, 1]);
    now = 4_999;
    expect(await recent.lately()).toBe(1);
    now = 5_000;
    expect(await recent.lately()).toBe(2);
  });

  it('is what somebody has read anew since', async () => {
    let reads = 0;
    const recent = createRecent(
      async () => (reads += 1),
      () => 0,
    );
    await recent.lately();
    expect([await recent.now(), await recent.lately()]).toEqual([2, 2]);
  });

  it('is waited for as long as the overview waits, and then asked for anew', async () => {
    jest.useFakeTimers();
    let isSilent = true;
    const recent = createRecent(
      () => (isSilent ? new Promise<string>(() => undefined) : Promise.resolve('there')),
      () => 0,
    );
    const refused = recent.lately().catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await refused).toMatchObject({ code: 'no-answer', server: 'Kafka' });
    isSilent = false;
    expect(await recent.lately()).toBe('there');
    jest.useRealTimers();
  });

  it('is no error', async () => {
    let isAway = true;
    const recent = createRecent(
      async () => {
        if (isAway) throw new Error('away');
        return 'there';
      },
      () => 0,
    );
    await expect(recent.lately()).rejects.toThrow('away');
    isAway = false;
    expect(await recent.lately()).toBe('there');
  });
});
