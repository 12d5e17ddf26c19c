import { NO_ACCOUNT } from '../account.ts';
import { ACCESS_STORE_CONTRACT, accountWith, countTry, write } from './access-store-contract.ts';
import { createInMemoryAccessStore } from './in-memory-access-store.ts';

describe('the store of accounts in memory', () => {
  it.each(ACCESS_STORE_CONTRACT)('%s', async (_title, check) => {
    await check(createInMemoryAccessStore());
  });

  it('forgets secrets, and tries at numbers of nobody, by the clock that it is given', async () => {
    let now = 0;
    const store = createInMemoryAccessStore({ now: () => now });
    await store.remember('link', 'h', { group: 'line:1', name: '1' }, 1_000);
    await store.change('unknown:1', ['1'], countTry('1'));
    now = 999;
    expect(await store.find('link', 'h')).toBeDefined();
    now = 1_000;
    expect(await store.find('link', 'h')).toBeUndefined();
    now = 3_599_999;
    expect(await store.change('unknown:1', ['1'], countTry('1'))).toBe(2);
    now += 3_600_000;
    expect((await store.read('unknown:1', ['1'])).accounts.get('1')).toEqual(NO_ACCOUNT);
  });

  it('repeats a step on the same accounts, so that one which is not pure shows', async () => {
    const store = createInMemoryAccessStore();
    await store.change('line:1', ['1'], write('1', accountWith({ lastLoginAt: 5 })));
    const seen: unknown[] = [];
    await store.change('line:1', ['1'], (access) => {
      seen.push(access.accounts.get('1')?.lastLoginAt);
      return { result: undefined, accounts: new Map([['1', NO_ACCOUNT]]) };
    });
    expect(seen).toEqual([5, 5]);
  });
});
