import { exitCodeOf, untilItWorks } from './until-it-works.ts';

const away = Object.assign(new Error('away'), { retryable: true });
const wrong = Object.assign(new Error('wrong'), { retryable: false });

describe('untilItWorks', () => {
  it('tries again what a retry can mend, and tells of each failure', async () => {
    const failures: Error[] = [];
    let tries = 0;
    const act = async (): Promise<string> => {
      tries += 1;
      if (tries < 3) throw away;
      return 'works';
    };
    const { signal } = new AbortController();
    await expect(untilItWorks(act, { signal, onFailure: (error) => failures.push(error) })).resolves.toBe(
      'works',
    );
    expect(failures).toEqual([away, away]);
  });

  it.each([wrong, new TypeError('a bug')])('rejects at once with what no retry mends (%s)', async (error) => {
    const { signal } = new AbortController();
    const onFailure = (): void => expect('a retry').toBe('none');
    await expect(untilItWorks(() => Promise.reject(error), { signal, onFailure })).rejects.toBe(error);
  });

  it('ends its waiting when it is told to', async () => {
    const over = new AbortController();
    const waiting = untilItWorks(() => Promise.reject(away), {
      signal: over.signal,
      onFailure: () => over.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('exitCodeOf', () => {
  it('is 78 for what no retry mends, and 1 for a bug', () => {
    expect([wrong, away, new TypeError('a bug'), 'text'].map(exitCodeOf)).toEqual([78, 1, 1, 1]);
  });
});
