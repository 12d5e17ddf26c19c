import { NO_ACCOUNT, type DueMail } from '../account.ts';
import type { AccessStore } from '../ports.ts';
import { createInMemoryAccessStore } from './in-memory-access-store.ts';

/** Of each of them a mail is due. */
export const NUMBERS = ['0312345678', '0312345679', '0612345678'] as const;
const mailOf = (number: string): DueMail => ({
  eventId: `event-${number}`,
  kind: 'account-locked',
  number,
  brand: 'ntt-east',
  recipient: 'a@example.jp',
  at: 1,
});

/** A store with one mail due of each number, whose lines are their own. */
export async function storeWithDueMails(): Promise<AccessStore> {
  const store = createInMemoryAccessStore();
  for (const number of NUMBERS)
    await store.change(`line:${number}`, [number], () => ({
      result: undefined,
      accounts: new Map([[number, { ...NO_ACCOUNT, dueMails: [mailOf(number)] }]]),
    }));
  return store;
}
