import { NO_ACCOUNT, createPasswordHasher, type Account, type Line, type Unit } from '#access';
import { open } from '#events';
import { checkDurability, createAccessStore, createSettingsRepository } from '#redis';
import { openRedis } from '../integration/redis-for-test.ts';
import { appVariables } from './app-variables.ts';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { collectRecords, createSwitchTopics, createTopics, type ReadRecord } from './kafka.ts';
import { aSecret } from './run-log.ts';
import { startTestSite, type TestSite } from './site.ts';
import { openSiteBrowser, type SiteBrowser } from './site-browser.ts';
import { uniqueName } from './unique-name.ts';

const SEAL_KEYS = [{ id: 'k1', key: Buffer.alloc(32, 1) }] as const;

/** Passwords that A5 and A9 take. No other test has them, so that a log with one of them is this test's. */
export const PASSWORD = aSecret('Kaede52qx9');
export const NEXT_PASSWORD = aSecret('Momiji83wz');
export const PAIR = { id: 'Kakunin83', password: aSecret('tsubaki42q') };

/** A site on the real servers, and what stands behind it. Everything is removed after the file. */
export interface SiteGround {
  readonly site: TestSite;
  /** The prefix of its topics and keys. */
  readonly prefix: string;
  /** The records of `access-mails`; the list keeps growing. */
  readonly mails: readonly ReadRecord[];
  /** Makes a line known; its line number has the account, whose password is `PASSWORD`. Resolves with the line. */
  line(account: Partial<Account>, unit?: Unit): Promise<Line>;
  /** A number's account as it is stored. */
  account(line: Line, number?: string): Promise<Account>;
  /** A browser without cookies. */
  browser(): SiteBrowser;
  /** The secret of the newest mail to an address, when Kafka has one. */
  secretTo(recipient: string): Promise<string>;
}

/** Opens a ground; `variables` override the site's usual environment, which has no waits between tries. */
export async function openSiteGround(variables: Readonly<Record<string, string>> = {}): Promise<SiteGround> {
  const prefix = `${uniqueName('ground')}.`;
  const topics = [`${prefix}access-mails`];
  await createTopics(topics, 1);
  await createSwitchTopics(prefix);
  const redis = await openRedis({ keyPrefix: prefix });
  const durability = (): ReturnType<typeof checkDurability> => checkDurability(redis);
  const [lines, store] = [createSettingsRepository(redis, durability), createAccessStore(redis, durability)];
  closeLater(() => Promise.all([lines.close(), store.close()]));
  const site = await startTestSite({ ...appVariables(prefix), LOGIN_WAITS: '0', ...variables });
  await eventually(async () => (await openSiteBrowser(site.url).get('/login')).status === 200);
  const phc = await createPasswordHasher().hash(PASSWORD);
  const mails = await collectRecords(topics);
  return {
    site,
    prefix,
    mails,
    line: async (more, unit = 'line') => {
      const line = newLine();
      await lines.putLine({ ...line, contractor: '' });
      const account = { ...NO_ACCOUNT, password: { phc, changedAt: Date.now() }, ...more };
      const accounts = new Map(line.numbers.map((number) => [number, account]));
      await store.change(`line:${line.lineNumber}`, line.numbers, () => ({ result: 0, unit, accounts }));
      return line;
    },
    account: async ({ lineNumber }, number = lineNumber) =>
      (await store.read(`line:${lineNumber}`, [number])).accounts.get(number) ?? NO_ACCOUNT,
    browser: () => openSiteBrowser(site.url),
    secretTo: (recipient) => eventually(() => secretIn(mails, recipient)),
  };
}

let lines = 0;

function newLine(): Line {
  lines += 1;
  const lineNumber = `03${40_000_000 + lines * 10}`;
  return { lineNumber, brand: 'ntt-east', numbers: [lineNumber, `03${40_000_001 + lines * 10}`] };
}

/** The code, or the link, of the newest mail to an address. */
function secretIn(mails: readonly ReadRecord[], recipient: string): string | undefined {
  const newest = mails
    .flatMap(({ value, headers }) => {
      const data = JSON.parse(value ?? '{}') as { recipient?: string; sealed?: string };
      return data.recipient === recipient && data.sealed !== undefined
        ? [open(data.sealed, headers['ce_id'] ?? '', SEAL_KEYS)]
        : [];
    })
    .at(-1);
  if (newest?.ok !== true) return undefined;
  const { secret } = newest;
  return 'password' in secret ? undefined : aSecret('code' in secret ? secret.code : secret.link);
}
