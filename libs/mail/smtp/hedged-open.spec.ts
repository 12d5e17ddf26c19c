import { hedgedOpen } from './hedged-open.ts';

const OFTEN = { everyMs: 1, most: 3 };

/** Attempts that end only when the test resolves or aborts them. */
function attempts(): {
  readonly open: (signal: AbortSignal) => Promise<string>;
  readonly begun: { readonly resolve: (result: string) => void; readonly signal: AbortSignal }[];
  readonly untilBegun: (count: number) => Promise<void>;
} {
  const begun: { resolve: (result: string) => void; signal: AbortSignal }[] = [];
  let notify = (): void => undefined;
  return {
    begun,
    open: (signal) =>
      new Promise((resolve) => {
        begun.push({ resolve, signal });
        signal.addEventListener('abort', () => resolve('given up'));
        notify();
      }),
    untilBegun: (count) =>
      new Promise((resolve) => {
        notify = () => begun.length >= count && resolve();
        notify();
      }),
  };
}

describe('hedgedOpen', () => {
  it('resolves with the first result and aborts the other attempts', async () => {
    const { open, begun, untilBegun } = attempts();
    const opening = hedgedOpen(open, OFTEN);
    await untilBegun(3);
    begun[2]?.resolve('third');
    expect(await opening).toBe('third');
    expect(begun.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it('leaves the first attempt running and replaces the oldest of the others', async () => {
    const { open, begun, untilBegun } = attempts();
    const opening = hedgedOpen(open, OFTEN);
    await untilBegun(10);
    const stillOpen = begun.flatMap(({ signal }, index) => (signal.aborted ? [] : [index]));
    expect(stillOpen).toHaveLength(OFTEN.most);
    expect(stillOpen[0]).toBe(0);
    begun[0]?.resolve('first');
    expect(await opening).toBe('first');
  });
});
