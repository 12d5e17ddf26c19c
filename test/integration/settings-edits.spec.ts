import { eventually } from '../support/eventually.ts';
import { startSettingsApi } from '../support/settings-api.ts';
import { openRedis } from './redis-for-test.ts';

it('C14 finishes what a site that died has left of a CSV', async () => {
  const { prefix } = await startSettingsApi();
  const { client } = await openRedis({ keyPrefix: prefix });
  const edits = `${prefix}{edits}`;
  await client.hset(edits, 'e-1', JSON.stringify({ state: 'committed', numbers: [], at: Date.now() }));
  await eventually(async () => (await client.hlen(edits)) === 0);
  expect(await client.exists(edits)).toBe(0);
});
