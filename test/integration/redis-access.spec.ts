import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NO_ACCOUNT, type AccessStore, type Account, type Group, type Place } from '#access';
import {
  checkDurability,
  createAccessStore,
  createSettingsRepository,
  createSourceLimit,
  type RedisConnection,
} from '#redis';
import type { SettingsRepository } from '#settings';
import {
  ACCESS_STORE_CONTRACT,
  accountWith,
  countTry,
  withDueMail,
  write,
} from '../../libs/access/testing/access-store-contract.ts';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { closeLater } from '../support/close-later.ts';
import { startCluster, type ClusterSetup } from '../support/redis-cluster.ts';
import { keysOf, openRedis } from './redis-for-test.ts';

const GROUP: Group = 'line:0312345678';
const NUMBER = '0312345678';
const OTHER = '0312345679';
const PLACE: Place = { group: GROUP, name: NUMBER };

/** What is tested is not how fast a busy machine answers. */
const patient = { commandTimeoutMs: 30_000 };

async function openStore(redis: RedisConnection): Promise<AccessStore> {
  const store = createAccessStore(redis, await checkDurability(redis));
  closeLater(() => store.close());
  return store;
}

/** Two processes' stores of the same accounts. */
async function openTwo(): Promise<[RedisConnection, AccessStore, AccessStore]> {
  const [one, other] = [await openRedis(patient), await openRedis(patient)];
  const sameKeys = { ...other, keyPrefix: one.keyPrefix };
  return [one, await openStore(one), await openStore(sameKeys)];
}

/** The same connection, whose scripts are sent by `how`. */
function sendingScripts(
  redis: RedisConnection,
  how: (send: () => Promise<unknown>) => Promise<unknown>,
): RedisConnection {
  const client = new Proxy(redis.client, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function' || !String(name).startsWith('denwa_')) return found;
      return (...args: unknown[]) => how(() => Reflect.apply(found, target, args) as Promise<unknown>);
    },
  });
  return { ...redis, client };
}

/** The names of a connection's keys, without its prefix. */
const keyNames = async (redis: RedisConnection): Promise<string[]> =>
  (await keysOf(redis)).map(({ key }) => key.slice(redis.keyPrefix.length)).toSorted();

const hashOf = ({ keyPrefix }: RedisConnection): string => `${keyPrefix}access:{${NUMBER}}`;

describe('the store of accounts in Redis', () => {
  it.each(ACCESS_STORE_CONTRACT)('%s', async (_title, check) => {
    await check(await openStore(await openRedis(patient)));
  });

  it('A3 tries of several processes at once are all counted', async () => {
    const [, one, other] = await openTwo();
    const counts = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : other).change(GROUP, [NUMBER], countTry(NUMBER)),
      ),
    );
    expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('A3 fifty tries at once do not fight each other within a process', async () => {
    const store = await openStore(await openRedis(patient));
    let steps = 0;
    const counting: typeof countTry = (name) => (access) => {
      steps += 1;
      return countTry(name)(access);
    };
    await Promise.all(Array.from({ length: 50 }, () => store.change(GROUP, [NUMBER], counting(NUMBER))));
    // Each looks once whether there is anything to change, and then changes it in its turn.
    expect(steps).toBeLessThan(100);
  });

  it('A3 a step that changes nothing, as a try during a wait, does not wait for the tries before it', async () => {
    const store = await openStore(await openRedis(patient));
    let counted = 0;
    const tries = Array.from({ length: 100 }, async () => {
      await store.change(GROUP, [NUMBER], countTry(NUMBER));
      counted += 1;
    });
    expect(await store.change(GROUP, [NUMBER], () => ({ result: 'wait' }))).toBe('wait');
    expect(counted).toBeLessThan(50);
    await Promise.all(tries);
  });

  it('A3 a flood of tries at one number is refused before it takes memory, and others are not', async () => {
    const store = await openStore(await openRedis(patient));
    const results = await Promise.allSettled(
      Array.from({ length: 400 }, () => store.change(GROUP, [NUMBER], countTry(NUMBER))),
    );
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused.length).toBeGreaterThan(50);
    for (const error of refused) expect(error).toMatchObject({ code: 'REDIS_BUSY', retryable: true });
    expect(await store.change(GROUP, [NUMBER], countTry(NUMBER))).toBe(400 - refused.length + 1);
  });

  it.each([
    ['another account that it was shown', `n:${OTHER}`, accountWith({ lastLoginAt: 2 })],
    ['the account that it changes', `n:${NUMBER}`, accountWith({ lastLoginAt: 2 })],
    ['the unit', 'unit', 'number'],
  ])('a step is repeated when somebody has written %s since', async (_, field, value) => {
    const redis = await openRedis(patient);
    const store = await openStore(redis);
    const shown: unknown[] = [];
    await store.change(GROUP, [NUMBER, OTHER], ({ unit, accounts }) => {
      shown.push([unit, accounts.get(NUMBER)?.lastLoginAt, accounts.get(OTHER)?.lastLoginAt]);
      // On the connection that the change goes by, so that it comes between reading and writing.
      if (shown.length === 1)
        void redis.client.hset(hashOf(redis), field, JSON.stringify({ version: 'v', value }));
      return { result: undefined, accounts: new Map([[NUMBER, accountWith({ lastLoginAt: 1 })]]) };
    });
    expect(shown).toHaveLength(2);
    expect(shown[0]).toEqual([null, null, null]);
    expect(shown[1]).not.toEqual(shown[0]);
  });

  it('a login is not disturbed by that of another number of its line', async () => {
    const redis = await openRedis(patient);
    const store = await openStore(redis);
    let steps = 0;
    await store.change(GROUP, [NUMBER], (access) => {
      steps += 1;
      const text = JSON.stringify({ version: `v${steps}`, value: NO_ACCOUNT });
      void redis.client.hset(hashOf(redis), `n:${OTHER}`, text);
      return countTry(NUMBER)(access);
    });
    expect(steps).toBe(1);
  });

  // ioredis sends a command again when the connection was lost before the reply.
  it('a change whose command is sent twice is made once', async () => {
    const twice = sendingScripts(await openRedis(patient), async (send) => {
      await send();
      return send();
    });
    const store = await openStore(twice);
    await store.change(GROUP, [NUMBER], countTry(NUMBER));
    expect(await store.change(GROUP, [NUMBER], countTry(NUMBER))).toBe(2);
  });

  it('a step that changes nothing writes nothing', async () => {
    const redis = await openRedis(patient);
    await (await openStore(redis)).change(GROUP, [NUMBER], () => ({ result: 1, durable: true }));
    expect(await keyNames(redis)).toEqual(['probe']);
  });

  it('A3 tries at a number of nobody are forgotten an hour after the last, those of a line never', async () => {
    const redis = await openRedis(patient);
    const store = await openStore(redis);
    await store.change('unknown:0399999999', [NUMBER], countTry(NUMBER));
    await store.change(GROUP, [NUMBER], countTry(NUMBER));
    const left = await redis.client.pttl(`${redis.keyPrefix}access:unknown:{0399999999}`);
    expect(left).toBeGreaterThan(3_540_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    await redis.client.pexpire(`${redis.keyPrefix}access:unknown:{0399999999}`, 1_000);
    await store.change('unknown:0399999999', [NUMBER], countTry(NUMBER));
    expect(await redis.client.pttl(`${redis.keyPrefix}access:unknown:{0399999999}`)).toBeGreaterThan(
      3_540_000,
    );
    expect(await redis.client.pttl(hashOf(redis))).toBe(-1);
  });

  it('a document that cannot be read is told without its number, and changed by nobody', async () => {
    const redis = await openRedis(patient);
    const store = await openStore(redis);
    for (const text of ['{"version":', '{"version":"v","value":{}}', '[]']) {
      await redis.client.hset(hashOf(redis), `n:${NUMBER}`, text);
      const error: unknown = await store.change(GROUP, [NUMBER], countTry(NUMBER)).catch((one) => one);
      expect(error).toMatchObject({ code: 'DOCUMENT_BROKEN', retryable: false });
      expect(String(error)).toContain('…5678');
      expect(String(error)).not.toContain(NUMBER);
      expect(await redis.client.hget(hashOf(redis), `n:${NUMBER}`)).toBe(text);
    }
    expect(await store.change(GROUP, [OTHER], countTry(OTHER))).toBe(1);
    await redis.client.hset(hashOf(redis), 'unit', '{"version":"v","value":"all"}');
    await expect(store.read(GROUP, [])).rejects.toMatchObject({ code: 'DOCUMENT_BROKEN' });
  });
});

describe('durable changes of accounts', () => {
  it('wait for the disk, with the place of a mail that is due; others do not', async () => {
    const redis = await openRedis(patient);
    const { canAwaitDisk } = await checkDurability(redis);
    const store = createAccessStore(redis, { canAwaitDisk: true });
    closeLater(() => store.close());
    const waitedFor = async (): Promise<string[]> =>
      (await keyNames(redis)).filter((key) => key.endsWith(':disk'));
    await store.change(GROUP, [NUMBER], countTry(NUMBER));
    expect(await waitedFor()).toEqual([]);
    const durably = (account: Account): Promise<unknown> =>
      store
        .change(GROUP, [NUMBER], () => ({ ...write(NUMBER, account)(), durable: true }))
        .then(
          () => 'on disk',
          ({ code }) => code,
        );
    // A server without WAITAOF refuses to say that anything is on disk.
    const said = canAwaitDisk ? 'on disk' : 'REDIS_NOT_DURABLE';
    expect(await durably(NO_ACCOUNT)).toBe(said);
    expect(await waitedFor()).toEqual([`access:{${NUMBER}}:disk`]);
    expect(await durably(withDueMail)).toBe(said);
    expect(await waitedFor()).toEqual([`access:{${NUMBER}}:disk`, '{access-due}:disk'].toSorted());
  });

  it('are the only ones that ask about the disk, so that tries are counted whatever it does', async () => {
    const redis = await openRedis(patient);
    const store = createAccessStore(redis, () => Promise.reject(new Error('unknown')));
    closeLater(() => store.close());
    expect(await store.change(GROUP, [NUMBER], countTry(NUMBER))).toBe(1);
    await expect(
      store.change(GROUP, [NUMBER], (access) => ({ ...countTry(NUMBER)(access), durable: true })),
    ).rejects.toThrow('unknown');
    expect(await store.change(GROUP, [NUMBER], countTry(NUMBER))).toBe(2);
  });
});

describe('mails about access that are due', () => {
  it('O4 are noted before the account is written, so that a crash in between loses none', async () => {
    const redis = await openRedis(patient);
    const dying = await openStore(sendingScripts(redis, () => Promise.reject(new Error('the process died'))));
    await expect(dying.change(GROUP, [NUMBER], write(NUMBER, withDueMail))).rejects.toThrow('died');
    const store = await openStore(redis);
    expect(await store.withMessagesDue()).toEqual([PLACE]);
    await store.noMessagesDue(PLACE);
    expect(await store.withMessagesDue()).toEqual([]);
  });

  it('O4 stay noted when somebody finds none while the change that noted them is under way', async () => {
    const redis = await openRedis(patient);
    const store = await openStore(redis);
    await store.change(GROUP, [NUMBER], write(NUMBER, NO_ACCOUNT));
    let isOvertaken = false;
    const slow = await openStore(
      sendingScripts(redis, async (send) => {
        if (!isOvertaken) await store.noMessagesDue(PLACE);
        isOvertaken = true;
        return send();
      }),
    );
    await slow.change(GROUP, [NUMBER], write(NUMBER, withDueMail));
    expect(isOvertaken).toBe(true);
    expect(await store.withMessagesDue()).toEqual([PLACE]);
    expect((await store.read(GROUP, [NUMBER])).accounts.get(NUMBER)).toEqual(withDueMail);
  });

  it('O4 stay noted when they became due after somebody found none', async () => {
    const redis = await openRedis(patient);
    const store = await openStore(redis);
    await store.change(GROUP, [NUMBER], write(NUMBER, withDueMail));
    await store.change(GROUP, [NUMBER], write(NUMBER, NO_ACCOUNT));
    let scripts = 0;
    const slow = await openStore(
      sendingScripts(redis, async (send) => {
        scripts += 1;
        // The second forgets the place.
        if (scripts === 2) await store.change(GROUP, [NUMBER], write(NUMBER, withDueMail));
        return send();
      }),
    );
    await slow.noMessagesDue(PLACE);
    expect(scripts).toBe(2);
    expect(await store.withMessagesDue()).toEqual([PLACE]);
  });
});

describe('accounts of numbers that change hands', () => {
  const line = { lineNumber: NUMBER, brand: 'ntt-east', contractor: '', numbers: [OTHER] };
  const open = async (redis: RedisConnection): Promise<[AccessStore, SettingsRepository]> => {
    const settings = createSettingsRepository(redis, await checkDurability(redis));
    closeLater(() => settings.close());
    return [await openStore(redis), settings];
  };
  const withPassword = accountWith({ password: { phc: '$argon2id$', changedAt: 1 } });
  const setPasswords = (store: AccessStore): Promise<void> =>
    store.change(GROUP, [NUMBER, OTHER], () => ({
      result: undefined,
      unit: 'number' as const,
      accounts: new Map([
        [NUMBER, withPassword],
        [OTHER, withPassword],
      ]),
    }));

  it('A1 a number that changes hands begins without a password', async () => {
    const redis = await openRedis(patient);
    const [store, settings] = await open(redis);
    await settings.putLine(line);
    await setPasswords(store);
    await settings.putLine({ ...line, contractor: '乙' });
    await settings.putLine({ ...line, numbers: [] });
    expect(await redis.client.hkeys(hashOf(redis))).not.toContain(`n:${OTHER}`);
    await settings.putLine(line);
    const { unit, accounts } = await store.read(GROUP, [NUMBER, OTHER]);
    expect([unit, accounts.get(NUMBER), accounts.get(OTHER)]).toEqual(['number', withPassword, NO_ACCOUNT]);
    expect(await settings.deleteLine(NUMBER)).toBe('deleted');
    expect(await redis.client.exists(hashOf(redis))).toBe(0);
  });

  it('A1 a login that a removal overtakes finds no account', async () => {
    const redis = await openRedis(patient);
    const [store, settings] = await open(redis);
    await settings.putLine(line);
    await setPasswords(store);
    let isRemoved = false;
    const slow = await openStore(
      sendingScripts(redis, async (send) => {
        if (!isRemoved) await settings.putLine({ ...line, numbers: [] });
        isRemoved = true;
        return send();
      }),
    );
    const passwords: unknown[] = [];
    await slow.change(GROUP, [OTHER], ({ accounts }) => {
      const { password = null } = accounts.get(OTHER) ?? {};
      passwords.push(password);
      return password ? write(OTHER, accountWith({ password, lastLoginAt: 1 }))() : { result: undefined };
    });
    expect(passwords).toEqual([withPassword.password, null]);
    expect(await redis.client.hkeys(hashOf(redis))).not.toContain(`n:${OTHER}`);
  });
});

describe('the store of accounts in a Redis Cluster', () => {
  let cluster: ClusterSetup;

  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'access-'));
    closeLater(() => rm(folder, { recursive: true, force: true }));
    cluster = await startCluster(await installRedis(() => undefined), folder, { replicas: false });
    closeLater(() => cluster.close());
  }, 60_000);

  it.each(ACCESS_STORE_CONTRACT)('%s', async (_title, check) => {
    await check(await openStore(await openRedis({ ...patient, urls: cluster.urls })));
  });

  it('A1 a line and its accounts are removed together, and tries of sources are limited', async () => {
    const redis = await openRedis({ ...patient, urls: cluster.urls });
    const store = await openStore(redis);
    const settings = createSettingsRepository(redis, await checkDurability(redis));
    closeLater(() => settings.close());
    await settings.putLine({ lineNumber: NUMBER, brand: 'ntt-east', contractor: '', numbers: [OTHER] });
    await store.change(GROUP, [OTHER], (access) => ({ ...countTry(OTHER)(access), durable: true }));
    await settings.deleteLine(NUMBER);
    expect((await keyNames(redis)).filter((key) => key.includes('access'))).toEqual([]);
    const limit = createSourceLimit(redis, { count: 1, windowMs: 60_000 });
    const waits = [
      await limit.take('192.0.2.7'),
      await limit.take('192.0.2.7'),
      await limit.take('192.0.2.8'),
    ];
    expect(waits.map(({ retryAfterSeconds }) => retryAfterSeconds > 0)).toEqual([false, true, false]);
  });
});
