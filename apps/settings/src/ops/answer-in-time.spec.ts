import { jest } from '@jest/globals';
import { inTime, NO_ANSWER } from './answer-in-time.ts';

describe('the patience of the operator’s pages', () => {
  it('ends after five seconds, and says of whom', async () => {
    jest.useFakeTimers();
    const asked = inTime('Kafka', () => new Promise<never>(() => undefined));
    asked.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(4_999);
    expect(await Promise.race([asked, Promise.resolve('waits')])).toBe('waits');
    await jest.advanceTimersByTimeAsync(1);
    await expect(asked).rejects.toMatchObject({
      code: 'no-answer',
      retryable: true,
      server: 'Kafka',
      message: 'Kafka: no answer within 5 s',
    });
    expect(NO_ANSWER).toBe('5秒以内に応答がありません');
    jest.useRealTimers();
  });

  it('gives what was found, and why it was not, as they come', async () => {
    expect(await inTime('Kafka', async () => 'found')).toBe('found');
    const cause = new Error('no broker');
    await expect(inTime('Kafka', () => Promise.reject(cause))).rejects.toBe(cause);
  });
});
