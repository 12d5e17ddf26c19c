import { Registry } from 'prom-client';
import { backlogMetrics, collectBacklog, type Backlog } from './collect-backlog.ts';

const METRICS = backlogMetrics('notify_waiting', 'What waits');

/** The two values of a scrape. */
async function scraped(registry: Registry): Promise<(number | undefined)[]> {
  const text = await registry.metrics();
  return ['notify_waiting', 'notify_waiting_oldest_seconds'].map((name) => {
    const value = new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  });
}

describe('a backlog', () => {
  it('is counted, and says how old its oldest is, with one question for both', async () => {
    const registry = new Registry();
    let asked = 0;
    const ask = async (): Promise<Backlog> => {
      asked += 1;
      return { count: 2, oldestAt: Date.now() - 90_000 };
    };
    collectBacklog(registry, METRICS, ask);
    const [count, oldest] = await scraped(registry);
    expect(count).toBe(2);
    expect(oldest).toBeGreaterThanOrEqual(90);
    expect(oldest).toBeLessThan(100);
    expect(asked).toBe(1);
  });

  it('stays what it was while nobody can tell', async () => {
    const registry = new Registry();
    let ask = async (): Promise<Backlog> => ({ count: 3, oldestAt: undefined });
    collectBacklog(registry, METRICS, () => ask());
    expect(await scraped(registry)).toEqual([3, 0]);
    ask = () => Promise.reject(new Error('away'));
    expect(await scraped(registry)).toEqual([3, 0]);
  });

  it('is not younger than nothing when a clock goes back', async () => {
    const registry = new Registry();
    collectBacklog(registry, METRICS, async () => ({ count: 1, oldestAt: Date.now() + 60_000 }));
    expect(await scraped(registry)).toEqual([1, 0]);
  });
});
