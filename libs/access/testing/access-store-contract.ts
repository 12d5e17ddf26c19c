import { NO_ACCOUNT, type Account } from '../account.ts';
import type { Access, AccessStore, Change, Group, Place, SelfCareProfile } from '../ports.ts';

const GROUP: Group = 'line:0312345678';
const NUMBER = '0312345678';
const OTHER = '0312345679';
const PLACE: Place = { group: GROUP, name: NUMBER };
const HASH = 'c2VjcmV0';
const LONG_MS = 60_000;

/** What the tests of a store's implementation use besides. */
export const accountWith = (more: Partial<Account>): Account => ({ ...NO_ACCOUNT, ...more });

const withTries = (wrong: number): Account => accountWith({ others: { wrong, streak: wrong, lastAt: 0 } });

export const withDueMail = accountWith({
  dueMails: [
    {
      eventId: 'e-1',
      kind: 'account-locked',
      number: NUMBER,
      brand: 'ntt-east',
      recipient: 'a@example.jp',
      at: 1_000,
    },
  ],
});

/** A step that writes one account, whatever it was. */
export const write = (name: string, account: Account | null) => (): Change<void> => ({
  result: undefined,
  accounts: new Map([[name, account]]),
});

/** A step that counts a try, and answers how many there are with it. */
export const countTry =
  (name: string) =>
  ({ accounts }: Access): Change<number> => {
    const wrong = (accounts.get(name)?.others.wrong ?? 0) + 1;
    return { result: wrong, accounts: new Map([[name, withTries(wrong)]]) };
  };

const isGone = async (store: AccessStore, hash: string): Promise<boolean> =>
  (await store.find('login', hash)) === undefined;

/** What holds for every store of accounts; each check gets one that is empty. */
export const ACCESS_STORE_CONTRACT: readonly (readonly [string, (store: AccessStore) => Promise<void>])[] = [
  [
    'an account that was never written is that of a number that nobody has logged in with',
    async (store) => {
      expect(await store.read(GROUP, [NUMBER])).toEqual({
        unit: null,
        profile: null,
        accounts: new Map([[NUMBER, NO_ACCOUNT]]),
      });
      expect((await store.read(GROUP, [])).accounts.size).toBe(0);
    },
  ],
  [
    'A1 what a step names is written together, and nothing else is touched',
    async (store) => {
      await store.change(GROUP, [NUMBER, OTHER], () => ({
        result: undefined,
        unit: 'number' as const,
        accounts: new Map([
          [NUMBER, withTries(1)],
          [OTHER, withTries(2)],
        ]),
      }));
      await store.change(GROUP, [NUMBER], write(NUMBER, withTries(3)));
      expect(await store.read(GROUP, [OTHER, NUMBER])).toEqual({
        unit: 'number',
        profile: null,
        accounts: new Map([
          [OTHER, withTries(2)],
          [NUMBER, withTries(3)],
        ]),
      });
      expect(await store.read('line:0399999999', [NUMBER])).toMatchObject({ unit: null });
    },
  ],
  [
    'A14 a profile is kept with its account, and both are removed by null',
    async (store) => {
      const profile: SelfCareProfile = {
        brand: 'rakuten-mobile',
        numbers: [NUMBER],
        address: 'a@example.jp',
        service: 'ip-phone',
      };
      const group: Group = 'self-care:taro';
      await store.change(group, ['taro'], () => ({
        result: undefined,
        profile,
        accounts: new Map([['taro', withTries(1)]]),
      }));
      expect(await store.read(group, [])).toMatchObject({ profile });
      await store.change(group, ['taro'], () => ({
        result: undefined,
        profile: null,
        accounts: new Map([['taro', null]]),
      }));
      expect(await store.read(group, ['taro'])).toEqual({
        unit: null,
        profile: null,
        accounts: new Map([['taro', NO_ACCOUNT]]),
      });
    },
  ],
  [
    'A3 fifty tries at once are fifty, and each sees another count',
    async (store) => {
      const counts = await Promise.all(
        Array.from({ length: 50 }, () => store.change(GROUP, [NUMBER], countTry(NUMBER))),
      );
      expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      expect((await store.read(GROUP, [NUMBER])).accounts.get(NUMBER)).toEqual(withTries(50));
    },
  ],
  [
    'a step may change only what it was shown, and what it throws rejects the change',
    async (store) => {
      await expect(store.change(GROUP, [NUMBER], write(OTHER, withTries(1)))).rejects.toThrow(TypeError);
      const failing = (): never => {
        throw new RangeError('no');
      };
      await expect(store.change(GROUP, [NUMBER], failing)).rejects.toThrow(RangeError);
      expect((await store.read(GROUP, [OTHER])).accounts.get(OTHER)).toEqual(NO_ACCOUNT);
      expect(await store.change(GROUP, [NUMBER], countTry(NUMBER))).toBe(1);
    },
  ],
  [
    'A12 a secret leads to its account until it is forgotten, a login being no link',
    async (store) => {
      await store.remember('login', HASH, PLACE, LONG_MS);
      expect(await store.find('login', HASH)).toEqual(PLACE);
      expect(await store.find('link', HASH)).toBeUndefined();
      expect(await store.find('login', 'another')).toBeUndefined();
      await store.forget('login', HASH);
      await store.forget('login', HASH);
      expect(await store.find('login', HASH)).toBeUndefined();
    },
  ],
  [
    'A12 a secret expires, unless it is prolonged in time',
    async (store) => {
      await store.remember('login', 'prolonged', PLACE, 30_000);
      expect(await store.find('login', 'prolonged', 100)).toEqual(PLACE);
      await store.remember('login', 'kept', PLACE, 100);
      expect(await store.find('login', 'kept', LONG_MS)).toEqual(PLACE);
      await store.remember('login', 'short', PLACE, 100);
      const deadline = Date.now() + 10_000;
      while (!((await isGone(store, 'short')) && (await isGone(store, 'prolonged'))))
        if (Date.now() > deadline) throw new Error('still there after ten seconds');
      expect(await store.find('login', 'kept')).toEqual(PLACE);
    },
  ],
  [
    'O4 an account with a mail due is found until none is due and it is said so',
    async (store) => {
      await store.change(GROUP, [NUMBER, OTHER], write(NUMBER, withDueMail));
      await store.change(GROUP, [OTHER], write(OTHER, withTries(1)));
      expect(await store.withMessagesDue()).toEqual([PLACE]);
      await store.noMessagesDue(PLACE);
      expect(await store.withMessagesDue()).toEqual([PLACE]);
      await store.change(GROUP, [NUMBER], write(NUMBER, withTries(1)));
      expect(await store.withMessagesDue()).toEqual([PLACE]);
      await store.noMessagesDue(PLACE);
      await store.noMessagesDue(PLACE);
      expect(await store.withMessagesDue()).toEqual([]);
      expect((await store.read(GROUP, [NUMBER])).accounts.get(NUMBER)).toEqual(withTries(1));
    },
  ],
  [
    'V5 an account with a command due is found as one with a mail is',
    async (store) => {
      const group: Group = 'ip-phone:05012345678';
      const place: Place = { group, name: '05012345678' };
      const command = { eventId: 'e-1', number: place.name, at: 1_000, effectiveAt: 2_000, sealed: 'v1.' };
      await store.change(group, [place.name], write(place.name, accountWith({ dueCommands: [command] })));
      await store.noMessagesDue(place);
      expect(await store.withMessagesDue()).toEqual([place]);
      expect((await store.read(group, [place.name])).accounts.get(place.name)?.dueCommands).toEqual([
        command,
      ]);
      await store.change(group, [place.name], write(place.name, accountWith({})));
      await store.noMessagesDue(place);
      expect(await store.withMessagesDue()).toEqual([]);
    },
  ],
  [
    'O4 at most a hundred accounts with mails due are given at a time',
    async (store) => {
      const names = Array.from({ length: 120 }, (_, index) => `03${10_000_000 + index}`);
      await store.change(GROUP, names, () => ({
        result: undefined,
        accounts: new Map(names.map((name) => [name, withDueMail])),
      }));
      const first = await store.withMessagesDue();
      expect(new Set(first.map(({ name }) => name)).size).toBe(100);
      await store.change(GROUP, names, () => ({
        result: undefined,
        accounts: new Map(names.map((name) => [name, null])),
      }));
      for (const place of first) await store.noMessagesDue(place);
      expect(await store.withMessagesDue()).toHaveLength(20);
    },
  ],
];
