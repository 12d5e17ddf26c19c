import { NO_ACCOUNT, type DueMail } from './account.ts';
import { keepSendingDueMessages } from './keep-sending-due-messages.ts';
import type { AccessStore, SendAccessMail } from './ports.ts';
import { createInMemoryAccessStore } from './testing/in-memory-access-store.ts';

const NUMBERS = ['0312345678', '0312345679', '0612345678'] as const;
const retryable = Object.assign(new Error('away'), { retryable: true });
const broken = Object.assign(new Error('broken'), { retryable: false });

const mailOf = (number: string): DueMail => ({
  eventId: `event-${number}`,
  kind: 'account-locked',
  number,
  brand: 'ntt-east',
  recipient: 'a@example.jp',
  at: 1,
});

/** A store with one mail due of each number, whose lines are their own. */
async function storeWithMails(): Promise<AccessStore> {
  const store = createInMemoryAccessStore();
  for (const number of NUMBERS)
    await store.change(`line:${number}`, [number], () => ({
      result: undefined,
      accounts: new Map([[number, { ...NO_ACCOUNT, dueMails: [mailOf(number)] }]]),
    }));
  return store;
}

/** Keeps sending until `isOver`, which is asked after each mail; tells what went out and what was complained of. */
async function keepSending(
  send: SendAccessMail,
  isOver: (sent: readonly string[]) => boolean,
): Promise<{ readonly sent: readonly string[]; readonly troubles: readonly Error[] }> {
  const store = await storeWithMails();
  const closing = new AbortController();
  const sent: string[] = [];
  const troubles: Error[] = [];
  const sendMail: SendAccessMail = async (mail, eventId) => {
    await send(mail, eventId);
    sent.push(eventId);
    if (isOver(sent)) closing.abort();
  };
  const sendCommand = () => Promise.reject(broken);
  const onTrouble = (error: Error): void => void troubles.push(error);
  await keepSendingDueMessages({ store, sendMail, sendCommand }, { signal: closing.signal, onTrouble });
  expect((await store.withMessagesDue()).length).toBe(NUMBERS.length - new Set(sent).size);
  return { sent, troubles };
}

describe('mails that are due (O4)', () => {
  it('O4 go out each under the event id it was stored with, and are due no more', async () => {
    const { sent, troubles } = await keepSending(
      async () => undefined,
      ({ length }) => length === NUMBERS.length,
    );
    expect(sent).toEqual(NUMBERS.map((number) => `event-${number}`));
    expect(troubles).toEqual([]);
  });

  it('O4 stay due during an outage, which is told once, and go out after it', async () => {
    let failures = 2;
    const { sent, troubles } = await keepSending(
      async () => {
        failures -= 1;
        if (failures >= 0) throw retryable;
      },
      ({ length }) => length === NUMBERS.length,
    );
    expect(sent).toEqual(NUMBERS.map((number) => `event-${number}`));
    expect(troubles).toEqual([retryable]);
  });

  it('O4 are not held up by one that can never go out', async () => {
    const { sent, troubles } = await keepSending(
      async ({ number }) => {
        if (number === NUMBERS[0]) throw broken;
      },
      ({ length }) => length === 2,
    );
    expect(sent).toEqual([`event-${NUMBERS[1]}`, `event-${NUMBERS[2]}`]);
    expect(troubles).toEqual([broken]);
  });
});
