import type { InFlightBatch } from './in-flight-batch.ts';
import { processBatch } from './process-batch.ts';

/** What is logged, level by level, when a handler throws this. */
async function loggedWhen(thrown: Error): Promise<string[]> {
  const lines: string[] = [];
  const at = (level: string) => (_: object, message: string) => void lines.push(`${level}: ${message}`);
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const batch: Partial<InFlightBatch> = {
    topic: 'call-events',
    partition: 0,
    records: [
      { topic: 'call-events', partition: 0, offset: '1', key: null, value: null, headers: {}, timestamp: 0 },
    ],
    signal: new AbortController().signal,
    abandoned: new Promise<void>(() => undefined),
    fence: () => Promise.resolve(),
  };
  const handlers = new Map([['call-events', () => Promise.reject(thrown)]]);
  await processBatch({ handlers, log }, batch as InFlightBatch);
  return lines;
}

it('a batch that fails because a server is away needs nobody; any other failure does', async () => {
  const away = Object.assign(new Error('Redis is not available'), { retryable: true });
  expect(await loggedWhen(away)).toEqual(['warn: batch failed, trying again']);
  expect(await loggedWhen(new TypeError('a bug'))).toEqual(['error: batch failed, trying again']);
});
