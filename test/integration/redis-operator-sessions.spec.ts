import { findOperator, logInOperator, logOutOperator, type OperatorDeps } from '#access';
import { tokenOwners } from '#platform';
import { createOperatorSessions, createSourceLimit } from '#redis';
import { openRedis } from './redis-for-test.ts';

const redis = await openRedis();
const tokens = [{ name: 'helpdesk', token: 'a-token-of-helpdesk' }];
const deps: OperatorDeps = {
  sessions: createOperatorSessions(redis),
  tokens,
  ownerOf: tokenOwners(tokens),
  sources: createSourceLimit(redis, { count: 3, windowMs: 60_000 }),
  now: Date.now,
};
const logIn = (token: string, source: string) => logInOperator(deps, { token, source, before: undefined });

async function secretOf(source: string): Promise<string> {
  const result = await logIn('a-token-of-helpdesk', source);
  if (result.kind !== 'in') throw new Error(result.kind);
  return result.secret;
}

/** The values of every key whose name begins so, with how long it lives. */
async function stored(name: string): Promise<{ key: string; value: string | null; ttlMs: number }[]> {
  const keys = await redis.client.keys(`${redis.keyPrefix}${name}*`);
  return Promise.all(
    keys.map(async (key) => ({
      key,
      value: await redis.client.get(key),
      ttlMs: await redis.client.pttl(key),
    })),
  );
}

describe('the sessions of operators in Redis', () => {
  it('last 30 minutes from the last request, and hold nothing to log in with', async () => {
    const secret = await secretOf('192.0.2.1');
    const [session] = await stored('operator:');
    await redis.client.pexpire(session!.key, 5_000);
    expect(await findOperator(deps, secret)).toMatchObject({ kind: 'found', operator: { name: 'helpdesk' } });
    const [prolonged] = await stored('operator:');
    expect(prolonged!.ttlMs).toBeGreaterThan(29 * 60_000);
    for (const told of [secret, 'a-token-of-helpdesk'])
      expect(prolonged!.key + prolonged!.value).not.toContain(told);
    await logOutOperator(deps, secret);
    expect(await findOperator(deps, secret)).toEqual({ kind: 'ended', reason: 'idle' });
    expect(await stored('operator:')).toEqual([]);
  });

  it('A3 fifty guesses at once are as many as the limit, and another source logs in meanwhile', async () => {
    const guesses = await Promise.all(Array.from({ length: 50 }, () => logIn('a guess', '192.0.2.2')));
    expect(guesses.filter(({ kind }) => kind === 'refused')).toHaveLength(3);
    expect((await logIn('a-token-of-helpdesk', '192.0.2.2')).kind).toBe('source-limit');
    expect((await logIn('a-token-of-helpdesk', '192.0.2.3')).kind).toBe('in');
  });

  it('a right token costs no try', async () => {
    for (let count = 0; count < 5; count += 1)
      expect((await logIn('a-token-of-helpdesk', '192.0.2.4')).kind).toBe('in');
  });
});
