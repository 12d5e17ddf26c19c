import { createLedger, createLedgerReader } from '#redis';
import { anEvent } from './ledger-for-test.ts';
import { openRedis } from './redis-for-test.ts';

const A = 'a@example.jp';
const B = 'b@example.jp';
const event = anEvent([A, B]);
const redis = await openRedis({ commandTimeoutMs: 10_000 });
const ledger = createLedger(redis, { leaseMs: 600_000 });
const read = createLedgerReader(redis);
const rows = async () => (await read(event.source, event.id))?.rows ?? [];

it('shows who works on a mail, and when the last answer of it was written down', async () => {
  expect(await read(event.source, event.id)).toBeUndefined();
  const before = Date.now();
  await ledger.claim({ event, token: 'one' });
  for (const row of await rows()) {
    expect(row.claimedUntil).toBeGreaterThanOrEqual(before + 600_000 - 1_000);
    expect(row).not.toHaveProperty('answeredAt');
  }
  await ledger.record(event, A, 'one', { state: 'accepted', attempts: 1, response: '250 2.0.0 Ok' });
  await ledger.release(event, B, 'one', false);
  const [accepted, released] = await rows();
  expect(accepted).toMatchObject({ address: A, state: 'accepted', response: '250 2.0.0 Ok' });
  expect(accepted?.answeredAt).toBeGreaterThanOrEqual(before - 1_000);
  expect(accepted?.answeredAt).toBeLessThanOrEqual(Date.now() + 1_000);
  expect(accepted).not.toHaveProperty('claimedUntil');
  expect(released).toEqual({ address: B, state: 'open', attempts: 0, response: '', settled: false });
});

it('does not take a claim whose lease is over for work', async () => {
  const lapsing = createLedger(redis, { leaseMs: 0 });
  await lapsing.claim({ event, address: B, token: 'two' });
  const [, lapsed] = await rows();
  expect(lapsed).not.toHaveProperty('claimedUntil');
  expect(lapsed).not.toHaveProperty('answeredAt');
});
