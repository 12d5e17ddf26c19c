import { sendDueMessages, withDueMail } from './due-messages.ts';
import {
  ADDRESS,
  createScene,
  given,
  GROUP,
  IN_USE,
  NUMBER,
  stored,
  USER,
  withPassword,
  type Scene,
} from './testing/access-scene.ts';

describe('sendDueMessages', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = createScene();
    const account = withPassword(scene, 'sakura77x', IN_USE);
    await given(scene, 'number', { [NUMBER]: account, [USER]: account });
    for (const number of [NUMBER, USER]) await due(number);
  });

  const due = (number: string) =>
    scene.deps.store.change(GROUP, [number], ({ accounts }) => {
      const mail = { kind: 'password-changed' as const, number, brand: 'ntt-east', at: scene.now };
      return { result: undefined, accounts: new Map([[number, withDueMail(accounts.get(number)!, mail)]]) };
    });

  it('O4 publishes each mail once, with the time it became due, under the id it was stored with', async () => {
    const { eventId } = (await stored(scene)).dueMails[0]!;
    const ids: string[] = [];
    const { sendMail } = scene.deps;
    const at = scene.now;
    scene.now += 60_000;
    await sendDueMessages({
      ...scene.deps,
      sendMail: (mail, id) => {
        ids.push(id);
        return sendMail(mail, id);
      },
    });
    await sendDueMessages(scene.deps);
    expect(ids[0]).toBe(eventId);
    expect(scene.mails).toEqual(
      [NUMBER, USER].map((number) => ({
        kind: 'password-changed',
        number,
        brand: 'ntt-east',
        recipient: ADDRESS,
        issuedAt: at,
      })),
    );
    expect((await stored(scene)).dueMails).toEqual([]);
    expect(await scene.deps.store.withMessagesDue()).toEqual([]);
  });

  it('O4 with Kafka away all stay due', async () => {
    scene.isKafkaAway = true;
    await expect(sendDueMessages(scene.deps)).rejects.toMatchObject({ code: 'away' });
    scene.isKafkaAway = false;
    await sendDueMessages(scene.deps);
    expect(scene.mails).toHaveLength(2);
  });

  it('O4 one that becomes due while another is published goes out too', async () => {
    const { sendMail } = scene.deps;
    await sendDueMessages({
      ...scene.deps,
      sendMail: async (mail, id) => {
        if (scene.mails.length === 0) await due(NUMBER);
        await sendMail(mail, id);
      },
    });
    await sendDueMessages(scene.deps);
    expect(scene.mails).toHaveLength(3);
  });

  it('O4 nothing is due where no address is known', async () => {
    const account = { ...(await stored(scene)), dueMails: [] };
    const mail = { kind: 'account-locked' as const, number: NUMBER, brand: 'ntt-east', at: scene.now };
    const without = { ...account, oneTime: { ...account.oneTime, address: null } };
    expect(withDueMail(without, mail)).toBe(without);
    expect(withDueMail(without, mail, 'b@example.jp').dueMails).toMatchObject([
      { recipient: 'b@example.jp' },
    ]);
  });
});
