import {
  createPasswordHasher,
  NO_ACCOUNT,
  putSelfCare,
  setIpPhonePassword,
  type AccessStore,
  type Account,
  type Group,
  type SelfCareProfile,
  type Unit,
} from '#access';
import {
  checkDurability,
  createAccessStore,
  createOutcomeHistory,
  createSettingsRepository,
  type OutcomeHistory,
} from '#redis';
import type { SettingsRepository } from '#settings';
import { openRedis } from '../integration/redis-for-test.ts';
import { appVariables } from '../support/app-variables.ts';
import { closeLater } from '../support/close-later.ts';
import { aSecret } from '../support/run-log.ts';
import { startTestSite } from '../support/site.ts';
import { uniqueName } from '../support/unique-name.ts';

/** Passwords that A5 takes, and a temporary one. */
export const PASSWORD = aSecret('ayame77rwq');
export const NEXT_PASSWORD = aSecret('botan88yhk');
export const TEMPORARY = aSecret('20485163');
/** What an IP phone's password is, and may become (V4). */
export const IP_PHONE_PASSWORD = aSecret('Kaede052');
export const NEXT_IP_PHONE_PASSWORD = aSecret('Momiji83');
/** A confirmation pair that A9 takes. */
export const PAIR = { id: 'Kakunin01', password: aSecret('suisen42qh') };

/** A line as it is to be: `line` and one number unless said, each number with `PASSWORD` and no one-time password. */
export interface GivenLine {
  readonly unit?: Unit;
  readonly numbers?: number;
  /** What the accounts of its numbers are besides. */
  readonly account?: Partial<Account>;
}

/** A site on real servers, and what stands in its Redis. */
export interface SiteScene {
  readonly url: string;
  /** Makes a line known that no other test has; resolves with its numbers, the line number first. */
  line(given?: GivenLine): Promise<readonly [string, ...string[]]>;
  /** What is set for its numbers and lines. */
  readonly settings: SettingsRepository;
  /** What became of their events. */
  readonly history: OutcomeHistory;
  /** Makes a self-care id known, with `PASSWORD`, and its IP phone's number with `IP_PHONE_PASSWORD`. */
  selfCare(
    profile: Pick<SelfCareProfile, 'address'>,
  ): Promise<{ readonly id: string; readonly ipPhone: string }>;
  /** Turns a number's account into another, as time or somebody else would have. */
  turn(lineNumber: string, change: (account: Account) => Account): Promise<void>;
  /** Forgets a number's session, as Redis does after 30 minutes without a request (A12). */
  idle(lineNumber: string): Promise<void>;
  /** A password as accounts keep it. */
  hash(password: string): Promise<string>;
}

/** One-time passwords that are in use, with `PAIR`. */
export async function usingOneTime(
  { hash }: Pick<SiteScene, 'hash'>,
  address: string,
): Promise<Pick<Account, 'oneTime'>> {
  const confirmation = { id: PAIR.id, phc: await hash(PAIR.password) };
  return { oneTime: { ...NO_ACCOUNT.oneTime, use: true, address, confirmation } };
}

const groupOf = (lineNumber: string): Group => `line:${lineNumber}`;
let serial = 0;
const newNumber = (): string => `03${String(12_000_000 + (serial += 1))}`;

/** Opens a site, closed after the file; `variables` override the usual environment. */
export async function openSite(variables: Readonly<Record<string, string>> = {}): Promise<SiteScene> {
  const environment = { ...appVariables(`${uniqueName('browser')}.`), ...variables };
  const { url } = await startTestSite(environment);
  const redis = await openRedis({ keyPrefix: environment.REDIS_KEY_PREFIX });
  const durability = await checkDurability(redis);
  const store = createAccessStore(redis, durability);
  const settings = createSettingsRepository(redis, durability);
  closeLater(async () => {
    await store.close();
    await settings.close();
  });
  const hasher = createPasswordHasher();
  const hash = (password: string): Promise<string> => hasher.hash(password);
  const usual = await hash(PASSWORD);
  const line: SiteScene['line'] = async ({ unit = 'line', numbers = 1, account } = {}) => {
    const all = [newNumber(), ...Array.from({ length: numbers - 1 }, newNumber)] as const;
    const [lineNumber] = all;
    await settings.putLine({ lineNumber, brand: 'ntt-east', contractor: '', numbers: [...all] });
    const password = { phc: usual, changedAt: Date.now() };
    const given = { ...NO_ACCOUNT, password, oneTime: { ...NO_ACCOUNT.oneTime, use: false }, ...account };
    const accounts = new Map(all.map((number) => [number, given]));
    await store.change(groupOf(lineNumber), all, () => ({ result: undefined, unit, accounts }));
    return all;
  };
  const selfCare: SiteScene['selfCare'] = async ({ address }) => {
    const id = uniqueName('taro');
    const ipPhone = newNumber().replace(/^03/, '050');
    const profile = { brand: 'rakuten-mobile', numbers: [ipPhone], address, service: 'b2bua' } as const;
    await putSelfCare({ store, hasher, now: Date.now }, id, { ...profile, password: PASSWORD });
    await setIpPhonePassword({ store, hasher, now: Date.now }, ipPhone, IP_PHONE_PASSWORD);
    return { id, ipPhone };
  };
  const history = createOutcomeHistory(redis);
  return { url, settings, hash, line, history, selfCare, ...timeOf(store) };
}

/** What time, or somebody else, would do to accounts. */
function timeOf(store: AccessStore): Pick<SiteScene, 'turn' | 'idle'> {
  return {
    turn: (lineNumber, change) =>
      store.change(groupOf(lineNumber), [lineNumber], ({ accounts }) => {
        const after = change(accounts.get(lineNumber) ?? NO_ACCOUNT);
        return { result: undefined, accounts: new Map([[lineNumber, after]]) };
      }),
    idle: async (lineNumber) => {
      const { accounts } = await store.read(groupOf(lineNumber), [lineNumber]);
      await store.forget('login', accounts.get(lineNumber)?.session?.hash ?? '');
    },
  };
}
