import { openSoonest } from './open-soonest.ts';

const OFTEN = { everyMs: 1, most: 3 };

/** Attempts that end only when they are told to, or given up. */
function attempts(): {
  readonly open: (signal: AbortSignal) => Promise<string>;
  readonly begun: { readonly resolve: (result: string) => void; readonly signal: AbortSignal }[];
  readonly untilBegun: (count: number) => Promise<void>;
} {
  const begun: { resolve: (result: string) => void; signal: AbortSignal }[] = [];
  let tell = (): void => undefined;
  return {
    begun,
    open: (signal) =>
      new Promise((resolve) => {
        begun.push({ resolve, signal });
        signal.addEventListener('abort', () => resolve('given up'));
        tell();
      }),
    untilBegun: (count) =>
      new Promise((resolve) => {
        tell = () => begun.length >= count && resolve();
        tell();
      }),
  };
}

describe('openSoonest', () => {
  it('resolves with what the first comes to, and gives up the others', async () => {
    const { open, begun, untilBegun } = attempts();
    const opening = openSoonest(open, OFTEN);
    await untilBegun(3);
    begun[2]?.resolve('third');
    expect(await opening).toBe('third');
    expect(begun.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it('lets the first one take its time, and replaces the oldest of the others', async () => {
    const { open, begun, untilBegun } = attempts();
    const opening = openSoonest(open, OFTEN);
    await untilBegun(10);
    const stillOpen = begun.flatMap(({ signal }, index) => (signal.aborted ? [] : [index]));
    expect(stillOpen).toHaveLength(OFTEN.most);
    expect(stillOpen[0]).toBe(0);
    begun[0]?.resolve('first');
    expect(await opening).toBe('first');
  });
});
