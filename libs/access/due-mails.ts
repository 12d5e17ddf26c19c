import { randomUUID } from 'node:crypto';
import type { Account, DueMail } from './account.ts';
import type { AccessDeps } from './deps.ts';
import { accountOf } from './places.ts';
import type { Place } from './ports.ts';

/** The account with a mail about it due to an address; without one when no address is known (O4). */
export function withDueMail(
  account: Account,
  mail: Omit<DueMail, 'recipient' | 'eventId'>,
  recipient: string | null = account.oneTime.address,
): Account {
  if (recipient === null) return account;
  return { ...account, dueMails: [...account.dueMails, { ...mail, recipient, eventId: randomUUID() }] };
}

export type DueMailDeps = Pick<AccessDeps, 'store' | 'sendMail'>;

/**
 * Publishes the mails that are due, each under the event id it was stored with, so that one published twice is one
 * mail. Rejects when Redis or Kafka is away; then they stay due. What trying again cannot help holds up its own account
 * alone: the others' mails go out before it rejects.
 */
export async function sendDueMails(deps: DueMailDeps): Promise<void> {
  const broken: unknown[] = [];
  for (const place of await deps.store.withDueMails()) {
    try {
      await sendDueMailsOf(deps, place);
    } catch (error) {
      if (error instanceof Error && Reflect.get(error, 'retryable') === true) throw error;
      broken.push(error);
    }
  }
  if (broken.length > 0) throw broken[0];
}

async function sendDueMailsOf({ store, sendMail }: DueMailDeps, place: Place): Promise<void> {
  const { group, name } = place;
  for (const { eventId, at, ...mail } of accountOf(await store.read(group, [name]), name).dueMails) {
    await sendMail({ ...mail, issuedAt: at }, eventId);
    await store.change(group, [name], (access) => {
      const account = accountOf(access, name);
      const dueMails = account.dueMails.filter((one) => one.eventId !== eventId);
      return { result: undefined, accounts: new Map([[name, { ...account, dueMails }]]) };
    });
  }
  await store.noMailsDue(place);
}
