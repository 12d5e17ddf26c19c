import { sendDueMessages } from '#access';
import { keepRepeating } from '#platform';
import { NUMBERS, storeWithDueMails } from '../../../libs/access/testing/store-with-due-mails.ts';

type SendAccessMail = Parameters<typeof sendDueMessages>[0]['sendMail'];

const retryable = Object.assign(new Error('away'), { retryable: true });
const broken = Object.assign(new Error('broken'), { retryable: false });

/** Keeps sending until `isOver`, which is asked after each mail; tells what went out and what was complained of. */
async function keepSending(
  send: SendAccessMail,
  isOver: (sent: readonly string[]) => boolean,
): Promise<{ readonly sent: readonly string[]; readonly troubles: readonly Error[] }> {
  const store = await storeWithDueMails();
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
  const { signal } = closing;
  const round = () => sendDueMessages({ store, sendMail, sendCommand });
  await keepRepeating(round, { everyMs: 1_000, signal, onTrouble });
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
