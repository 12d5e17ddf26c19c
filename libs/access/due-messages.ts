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

/** Whether Kafka has to be told something of an account: a mail (O4), or a command to the switch (V4). */
export function hasMessagesDue({ dueMails, dueCommands }: Account): boolean {
  return dueMails.length > 0 || dueCommands.length > 0;
}

export type DueMessageDeps = Pick<AccessDeps, 'store' | 'sendMail' | 'sendCommand'>;

/**
 * Publishes the messages that are due, those of an account in their order and each under the event id it was stored
 * with, so that one published twice is one message. Rejects when Redis or Kafka is away; then they stay due. What trying
 * again cannot help holds up its own account alone: the others' messages go out before it rejects.
 */
export async function sendDueMessages(deps: DueMessageDeps): Promise<void> {
  const broken: unknown[] = [];
  for (const place of await deps.store.withMessagesDue()) {
    try {
      await sendMessagesOf(deps, place);
    } catch (error) {
      if (error instanceof Error && Reflect.get(error, 'retryable') === true) throw error;
      broken.push(error);
    }
  }
  if (broken.length > 0) throw broken[0];
}

async function sendMessagesOf({ store, sendMail, sendCommand }: DueMessageDeps, place: Place): Promise<void> {
  const { group, name } = place;
  const { dueMails, dueCommands } = accountOf(await store.read(group, [name]), name);
  const sent = (eventId: string): Promise<void> =>
    store.change(group, [name], (access) => ({
      result: undefined,
      accounts: new Map([[name, withoutMessage(accountOf(access, name), eventId)]]),
    }));
  for (const { eventId, at, ...mail } of dueMails) {
    await sendMail({ ...mail, issuedAt: at }, eventId);
    await sent(eventId);
  }
  for (const command of dueCommands) {
    await sendCommand(command);
    await sent(command.eventId);
  }
  await store.noMessagesDue(place);
}

function withoutMessage(account: Account, eventId: string): Account {
  const stays = (one: { readonly eventId: string }): boolean => one.eventId !== eventId;
  return {
    ...account,
    dueMails: account.dueMails.filter(stays),
    dueCommands: account.dueCommands.filter(stays),
  };
}
