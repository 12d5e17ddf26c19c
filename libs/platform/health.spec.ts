import { ExpressAdapter } from '@nestjs/platform-express';
import request from 'supertest';
import { serveHealth, type ReadyCheck } from './health.ts';
import { createRegistry } from './metrics.ts';

function client(checks: Record<string, ReadyCheck>): ReturnType<typeof request> {
  const adapter = new ExpressAdapter();
  serveHealth(adapter, { checks, registry: createRegistry({ app: 'a', version: '0' }), timeoutMs: 20 });
  return request(adapter.getInstance());
}

describe('health', () => {
  it('/livez answers while the process works, whatever else is away', async () => {
    const answer = await client({ redis: () => 'away' }).get('/livez');
    expect([answer.status, answer.body]).toEqual([200, { status: 'alive' }]);
  });

  it('/readyz answers 200 when every check is satisfied', async () => {
    const answer = await client({ redis: () => undefined, kafka: () => Promise.resolve(undefined) }).get(
      '/readyz',
    );
    expect([answer.status, answer.body]).toEqual([200, { status: 'ready' }]);
  });

  it('/readyz answers 503 with the reason of each check that failed, rejected or hung', async () => {
    const answer = await client({
      good: () => undefined,
      group: () => 'has not joined',
      redis: () => Promise.reject(new Error('refused')),
      kafka: () => new Promise(() => {}),
    }).get('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({
      status: 'not-ready',
      reasons: [
        { check: 'group', reason: 'has not joined' },
        { check: 'redis', reason: 'refused' },
        { check: 'kafka', reason: 'no answer within 20 ms' },
      ],
    });
  });

  it('/metrics answers in the format of Prometheus', async () => {
    const answer = await client({}).get('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8; version=0.0.4');
    expect(answer.text).toContain('notify_build_info');
  });
});
