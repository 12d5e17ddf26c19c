import { keepRepeating } from './keep-repeating.ts';

/** Repeats rounds that end as told, one after the other; resolves with what was complained of. */
async function troublesOf(rounds: readonly (string | undefined)[]): Promise<string[]> {
  const closing = new AbortController();
  const troubles: string[] = [];
  const left = [...rounds];
  const round = async (): Promise<void> => {
    const failure = left.shift();
    if (left.length === 0) closing.abort();
    if (failure !== undefined) throw new Error(failure);
  };
  const onTrouble = ({ message }: Error): void => void troubles.push(message);
  await keepRepeating(round, { everyMs: 1, signal: closing.signal, onTrouble });
  expect(left).toEqual([]);
  return troubles;
}

describe('work that is repeated', () => {
  it('goes on after an error, and tells an outage once', async () => {
    expect(await troublesOf(['away', 'still away', undefined])).toEqual(['away']);
  });

  it('tells the next outage too', async () => {
    expect(await troublesOf(['away', undefined, 'away again'])).toEqual(['away', 'away again']);
  });

  it('pauses before the first round, so that a signal that has come already lets none begin', async () => {
    const closed = AbortSignal.abort();
    const none = (): Promise<never> => Promise.reject(new Error('a round began'));
    await keepRepeating(none, {
      everyMs: 60_000,
      signal: closed,
      onTrouble: (error) => expect(error).toBeUndefined(),
    });
  });
});
