import { jest } from '@jest/globals';
import { Patience } from './patience.ts';

const PATIENCE_MS = 1_000;

describe('patience with work that may go on unwatched', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Patience that ends once work has begun, or at the end of the batch; `seen` is what it was left with. */
  function patience() {
    const seen: string[] = [];
    const batch = { hasEnded: false };
    const one = new Patience<string>(PATIENCE_MS, (hasBegun) => {
      if (batch.hasEnded) return 'held';
      return hasBegun ? 'parked' : undefined;
    });
    void one.left.then((value) => seen.push(value));
    return { one, seen, batch, pass: (ms: number) => jest.advanceTimersByTimeAsync(ms) };
  }

  it('does not run out while the work waits for its turn', async () => {
    const { one, seen, pass } = patience();
    await pass(10 * PATIENCE_MS);
    expect([seen, one.isLeft]).toEqual([[], false]);
    one.end();
  });

  it('runs out its full time after the work began', async () => {
    const { one, seen, pass } = patience();
    await pass(PATIENCE_MS - 1);
    one.begin();
    await pass(PATIENCE_MS - 1);
    expect(one.isLeft).toBe(false);
    await pass(1);
    expect([seen, one.isLeft]).toEqual([['parked'], true]);
  });

  it('is left by work that never began when there is nothing to wait for', async () => {
    const { one, seen, batch, pass } = patience();
    batch.hasEnded = true;
    await pass(PATIENCE_MS);
    expect(seen).toEqual(['held']);
    // Its turn comes too late to be waited for again.
    one.begin();
    await pass(10 * PATIENCE_MS);
    expect([seen, one.isLeft]).toEqual([['held'], true]);
  });

  it('is never left once the work has ended', async () => {
    const { one, seen, pass } = patience();
    one.begin();
    one.end();
    await pass(10 * PATIENCE_MS);
    expect([seen, one.isLeft, jest.getTimerCount()]).toEqual([[], false, 0]);
  });

  it('stays left although the work ends later', async () => {
    const { one, seen, pass } = patience();
    one.begin();
    await pass(PATIENCE_MS);
    one.end();
    expect([seen, one.isLeft]).toEqual([['parked'], true]);
  });
});
