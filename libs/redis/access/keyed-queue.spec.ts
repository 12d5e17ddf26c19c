import { createKeyedQueue } from './keyed-queue.ts';

describe('a queue by key', () => {
  it('runs one call for a key at a time, in their order, and other keys meanwhile', async () => {
    const queue = createKeyedQueue('counting', 10);
    const first = Promise.withResolvers<string>();
    const ran: string[] = [];
    const run = (name: string, result: Promise<string>) => (): Promise<string> => {
      ran.push(name);
      return result;
    };
    const calls = [
      queue.run('k', run('one', first.promise)),
      queue.run('k', run('two', Promise.reject(new Error('no')))),
      queue.run('k', run('three', Promise.resolve('3'))),
    ];
    expect(await queue.run('other', run('other', Promise.resolve('o')))).toBe('o');
    expect(ran).toEqual(['one', 'other']);
    expect(['k', 'other'].map((key) => queue.isBusy(key))).toEqual([true, false]);
    first.resolve('1');
    expect(await Promise.allSettled(calls)).toMatchObject([
      { value: '1' },
      { reason: { message: 'no' } },
      { value: '3' },
    ]);
    expect(ran).toEqual(['one', 'other', 'two', 'three']);
  });

  it('refuses a call that too many wait before, and takes the next one when they are done', async () => {
    const queue = createKeyedQueue('counting', 2);
    const { promise, resolve } = Promise.withResolvers<void>();
    const taken = [1, 2, 3].map(() => queue.run('k', () => promise));
    await expect(queue.run('k', () => promise)).rejects.toMatchObject({
      code: 'REDIS_BUSY',
      retryable: true,
      message: 'counting: too many wait for the same',
    });
    resolve();
    await Promise.all(taken);
    expect(await queue.run('k', async () => 'done')).toBe('done');
  });
});
