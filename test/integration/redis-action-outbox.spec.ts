import { createActionOutbox, type ActionOutbox } from '#redis';
import { memoryOutbox } from '../../libs/operations/testing/memory-outbox.ts';
import { openRedis } from './redis-for-test.ts';

const NOW = Date.parse('2026-11-28T10:00:00+09:00');
const MINUTE = 60_000;
const NO_LIMIT = { delayMs: 0, limit: 1_000 };

const action = (at: number, subject = '0312345678'): string =>
  JSON.stringify({
    action: 'put-line',
    by: 'helpdesk',
    door: 'api',
    subject,
    id: subject,
    at,
    result: 'done',
  });
const inRedis = async (): Promise<ActionOutbox> => createActionOutbox(await openRedis());

describe.each<[string, () => Promise<ActionOutbox>]>([
  ['in Redis', inRedis],
  ['in memory', async () => memoryOutbox()],
])('O6 how many records of operators wait for Kafka, %s', (_, open) => {
  it('is none at first, and then no age', async () => {
    expect(await (await open()).backlog()).toEqual({ count: 0, oldestAt: undefined });
  });

  it('counts what is not due yet, and says when the oldest began, not when it is due', async () => {
    const outbox = await open();
    await outbox.add(action(NOW), NO_LIMIT);
    await outbox.add(action(NOW - MINUTE), { delayMs: MINUTE, limit: 1_000 });
    await outbox.add(action(NOW + 1), NO_LIMIT);
    expect(await outbox.backlog()).toEqual({ count: 3, oldestAt: NOW - MINUTE });
  });

  it('is as old after it was taken, which holds it, and when its result takes its place', async () => {
    const outbox = await open();
    const [begun, ended] = [action(NOW - MINUTE), action(NOW - MINUTE, 'taro-01')];
    await outbox.add(begun, NO_LIMIT);
    expect(await outbox.take(MINUTE)).toEqual([begun]);
    expect(await outbox.backlog()).toEqual({ count: 1, oldestAt: NOW - MINUTE });
    await outbox.replace(begun, ended);
    expect(await outbox.backlog()).toEqual({ count: 1, oldestAt: NOW - MINUTE });
    await outbox.remove([ended]);
    expect(await outbox.backlog()).toEqual({ count: 0, oldestAt: undefined });
  });

  it('is told by what a record says of itself, whatever its subject is', async () => {
    const outbox = await open();
    await outbox.add(action(NOW, '"at":5'), NO_LIMIT);
    expect(await outbox.backlog()).toEqual({ count: 1, oldestAt: NOW });
  });
});

it('O6 of many records that wait, all are counted, and the age is that of one among 100 of them', async () => {
  const outbox = await inRedis();
  const times = Array.from({ length: 300 }, (_, index) => NOW + index);
  await Promise.all(times.map((at) => outbox.add(action(at, String(at)), NO_LIMIT)));
  const { count, oldestAt } = await outbox.backlog();
  expect(count).toBe(300);
  // The oldest of 100 is no younger than 99 others.
  expect(times.slice(0, 201)).toContain(oldestAt);
});

it('O6 a text that says no time is counted all the same', async () => {
  const outbox = await inRedis();
  await outbox.add('{}', NO_LIMIT);
  expect(await outbox.backlog()).toEqual({ count: 1, oldestAt: undefined });
});
