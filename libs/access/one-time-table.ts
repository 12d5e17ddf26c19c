import { createBulkTable, type BulkTable, type CellProblem, type RowChange } from '#csv';
import type { Account, OneTime } from './account.ts';
import type { AccessDeps } from './deps.ts';
import { withDueMail } from './due-messages.ts';
import type { Login, Subscriber } from './find-login.ts';
import { secondsUntilNextMail, withMailAt } from './one-time.ts';
import { ADDRESS, oneTimeSheet, PASSWORD, versionOf, type OneTimeRow } from './one-time-sheet.ts';
import { accountOf } from './places.ts';
import type { Access, Change } from './ports.ts';

type SubscriberLogin = Login & { readonly subscriber: Subscriber };
type Changes = readonly RowChange<OneTimeRow>[];
type Written = 'written' | 'stale' | readonly CellProblem[];

/** So many mails of one table go to an address: a line of 1,000 numbers must not bury a stranger in them. */
const MOST_TOLD = 5;

/**
 * The one-time password settings of every number that a login may set, as a table (A11). What is set by it counts at
 * once: no link is mailed, but the old address of a number and its new one are told (O4), of five numbers at most where
 * several have the same. Rejects when Redis is away.
 */
export function oneTimeTable(deps: AccessDeps, login: SubscriberLogin): BulkTable {
  const { store } = deps;
  const { place, subscriber } = login;
  return createBulkTable({
    sheet: async () => oneTimeSheet((await store.read(place.group, subscriber.numbers)).accounts),
    write: async (changes, sheet): Promise<Written> => {
      const hashed = await hashPasswords(deps, login, changes);
      if ('problems' in hashed) return hashed.problems;
      const names = [...new Set([place.name, ...changes.map(({ key }) => key)])];
      return store.change(place.group, names, (access): Change<Written> => {
        const isIn = accountOf(access, place.name).session?.hash === login.hash;
        const isSeen = changes.every(
          ({ key }) => versionOf(accountOf(access, key).oneTime) === sheet.versionOf(key),
        );
        return isIn && isSeen
          ? changed(access, changes, hashed.phcs, { login, now: deps.now(), mayBeTold: firstOfEach() })
          : { result: 'stale' };
      });
    },
  });
}

/** Hashes the new confirmation passwords, one after another, so that others' logins are not held up. */
async function hashPasswords(
  { store, hasher }: AccessDeps,
  { place, subscriber }: SubscriberLogin,
  changes: Changes,
): Promise<{ readonly phcs: ReadonlyMap<string, string> } | { readonly problems: readonly CellProblem[] }> {
  const access = await store.read(place.group, subscriber.numbers);
  const phcs = new Map<string, string>();
  const problems: CellProblem[] = [];
  for (const { key, line, value } of changes) {
    if (value.password === null) continue;
    const stored = accountOf(access, key).oneTime.confirmation?.phc;
    const isSame = stored !== undefined && (await hasher.verify(stored, value.password, place.name));
    if (isSame) problems.push({ line, column: PASSWORD, code: 'same' });
    else phcs.set(key, await hasher.hash(value.password, place.name));
  }
  return problems.length > 0 ? { problems } : { phcs };
}

/** Whose table it is and when, and whether one more mail of it may go to an address. */
interface Teller {
  readonly login: SubscriberLogin;
  readonly now: number;
  readonly mayBeTold: (address: string) => boolean;
}

function firstOfEach(): Teller['mayBeTold'] {
  const told = new Map<string, number>();
  return (address) => {
    // Mail servers treat Taro@ and taro@ alike.
    const mailbox = address.toLowerCase();
    const before = told.get(mailbox) ?? 0;
    told.set(mailbox, before + 1);
    return before < MOST_TOLD;
  };
}

function changed(
  access: Access,
  changes: Changes,
  phcs: ReadonlyMap<string, string>,
  by: Teller,
): Change<Written> {
  const problems: CellProblem[] = [];
  const accounts = new Map<string, Account>();
  for (const { key, line, value } of changes) {
    const account = accountOf(access, key);
    const isTold = account.oneTime.address !== value.address;
    if (isTold && secondsUntilNextMail(account.oneTime.linksSentAt, by.now) > 0)
      problems.push({ line, column: ADDRESS, code: 'csv-too-often' });
    const after = { ...account, oneTime: oneTimeAfter(account.oneTime, value, phcs.get(key)) };
    accounts.set(key, isTold ? withNewAddress(after, account.oneTime.address, key, by) : after);
  }
  if (problems.length > 0) return { result: problems };
  return { result: 'written', accounts, durable: true };
}

/** An address that waits for its link is forgotten: it must not come into force after this. */
function oneTimeAfter(
  before: OneTime,
  { use, address, id }: OneTimeRow,
  newPhc: string | undefined,
): OneTime {
  const phc = newPhc ?? before.confirmation?.phc;
  const confirmation = id !== null && phc !== undefined ? { id, phc } : null;
  return { ...before, use, address, confirmation, registration: null };
}

/** Both addresses are told, no more often than links are mailed, and a code that went to the old one is void. */
function withNewAddress(
  account: Account,
  old: string | null,
  number: string,
  { login, now, mayBeTold }: Teller,
): Account {
  const { pending, oneTime } = account;
  const mail = { kind: 'address-changed' as const, number, brand: login.subscriber.line.brand, at: now };
  const told = [old, oneTime.address].reduce(
    (before, address) =>
      address !== null && mayBeTold(address) ? withDueMail(before, mail, address) : before,
    account,
  );
  return {
    ...told,
    pending: pending && { ...pending, code: null },
    oneTime: { ...oneTime, linksSentAt: withMailAt(oneTime.linksSentAt, now) },
  };
}
