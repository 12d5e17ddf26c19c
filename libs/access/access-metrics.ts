import type { Counter, Registry } from 'prom-client';
import { backlogMetrics, createCounter, createGauge, type MetricDeclaration } from '#metrics';
import type { LoginResult } from './log-in.ts';
import { HasherBusy } from './password-hasher.ts';
import type { Place } from './ports.ts';

/** Where one logs in: with a number, with a self-care id (A14), or with an operator's token. */
const DOORS = ['subscriber', 'self-care', 'operator'] as const;
type Door = (typeof DOORS)[number];

/** How a try ends: as `logIn` says; `busy`: too many passwords waited to be checked; `failed`: a server was away. */
const RESULTS = [
  'in',
  'pending',
  'refused',
  'wait',
  'source-limit',
  'busy',
  'failed',
] as const satisfies readonly (LoginResult['kind'] | 'busy' | 'failed')[];
type Result = (typeof RESULTS)[number];

const LOGINS: MetricDeclaration<'door' | 'result'> = {
  name: 'notify_logins_total',
  type: 'counter',
  help: 'Tries to log in, by what became of them',
  labels: { door: DOORS, result: RESULTS },
};
const LOCKOUTS: MetricDeclaration<'door'> = {
  name: 'notify_lockouts_total',
  type: 'counter',
  help: 'Passwords that became invalid by too many wrong tries',
  labels: { door: ['subscriber', 'self-care'] },
};
const HASHES_WAITING: MetricDeclaration<never> = {
  name: 'notify_password_hashes_waiting',
  type: 'gauge',
  help: 'Passwords that wait to be hashed; from 50 on tries are turned away',
  labels: {},
};

/** `notify_logins_total` and `notify_lockouts_total`, of an app with a door. */
export const LOGIN_METRICS: readonly MetricDeclaration[] = [LOGINS, LOCKOUTS];
/** `notify_password_hashes_waiting`, of an app that hashes passwords. */
export const HASHER_METRICS: readonly MetricDeclaration[] = [HASHES_WAITING];
/** Mails and commands about accounts that Kafka does not have yet. */
export const MESSAGES_DUE = backlogMetrics(
  'notify_messages_due',
  'Accounts of which a mail or a command may have to be published',
);

/** What counts logins. */
export interface LoginMetrics {
  readonly logins: Counter<'door' | 'result'>;
  /** Counts a password's end; the account says at which door. */
  readonly lockedOut: (place: Place) => void;
}

/** Creates the metrics of logins. */
export function createLoginMetrics(registry: Registry): LoginMetrics {
  const lockouts = createCounter(registry, LOCKOUTS);
  return {
    logins: createCounter(registry, LOGINS),
    lockedOut: ({ group }) => lockouts.inc({ door: group.startsWith('line:') ? 'subscriber' : 'self-care' }),
  };
}

/** Counts a try at a door by how it ends, also when it rejects. */
export async function countLogin<R extends { readonly kind: Result }>(
  { logins }: Pick<LoginMetrics, 'logins'>,
  door: Door,
  trying: Promise<R>,
): Promise<R> {
  const count = (result: Result): void => logins.inc({ door, result });
  try {
    const result = await trying;
    count(result.kind);
    return result;
  } catch (error) {
    count(error instanceof HasherBusy ? 'busy' : 'failed');
    throw error;
  }
}

/** `notify_password_hashes_waiting`, asked anew at each scrape. */
export function collectHasherLoad(registry: Registry, hasher: { waiting(): number }): void {
  createGauge(registry, HASHES_WAITING, (gauge) => gauge.set(hasher.waiting()));
}
