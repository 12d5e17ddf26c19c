import { EMPTY_FAULT_NOTICE, type Service } from '#rules';
import { legacy, LINE, NUMBER, settingsFor } from '../testing/settings-for-test.ts';
import { EVENT_SOURCE } from './publish-access-mail.ts';
import { sendTestMail, type TestMailDeps, type TestMailVerdict } from './send-test-mail.ts';

const NOW = Date.parse('2026-11-21T01:00:00Z');

interface World extends TestMailDeps {
  readonly published: unknown[];
  /** What was counted, and what of it was given back. */
  readonly counted: string[];
}

async function worldFor(failure?: Error, verdict?: TestMailVerdict): Promise<World> {
  const published: unknown[] = [];
  const counted: string[] = [];
  return {
    repository: (await settingsFor()).repository,
    published,
    counted,
    limits: {
      async take(number, address) {
        counted.push(`${number} ${address}`);
        return verdict ?? { ok: true, giveBack: async () => void counted.pop() };
      },
    },
    async publish(mail, eventId, time) {
      if (failure) throw failure;
      published.push({ ...mail, time });
      return { eventSource: EVENT_SOURCE, eventId };
    },
    now: () => NOW,
  };
}

describe('a test mail', () => {
  it('C12 goes to an address under the brand of the number, and counts', async () => {
    const world = await worldFor();
    const sent = await sendTestMail(world, '03-1234-5679', { address: 'Taro@Example.jp' });
    expect(sent).toMatchObject({ ok: true, event: { eventSource: EVENT_SOURCE } });
    expect(world.published).toEqual([
      {
        kind: 'test',
        number: NUMBER,
        brand: 'ntt-east',
        recipient: 'Taro@Example.jp',
        issuedAt: '2026-11-21T01:00:00.000Z',
        time: NOW,
      },
    ]);
    expect(world.counted).toEqual([`${NUMBER} taro@example.jp`]);
  });

  it('C12 is refused for a number that is not known and for a wrong address, and does not count', async () => {
    const world = await worldFor();
    expect(await sendTestMail(world, '0399999999', { address: 'a@example.jp' })).toEqual({
      ok: false,
      kind: 'not-found',
      what: 'number',
    });
    expect(await sendTestMail(world, NUMBER, { address: 'x' })).toMatchObject({
      kind: 'invalid',
      errors: [{ path: 'address', code: 'address-no-at' }],
    });
    expect(world.counted).toEqual([]);
  });

  it('A13 is refused for a number that has no service with recipients, and for no other', async () => {
    const world = await worldFor();
    const send = async (number: string, ...services: Service[]) => {
      const { repository } = await settingsFor({ services: { [number]: services } });
      return sendTestMail({ ...world, repository }, number, { address: 'a@example.jp' });
    };
    expect(await send(NUMBER, 'voice-warp', 'ip-phone')).toEqual({
      ok: false,
      kind: 'not-contracted',
      service: 'call-notice',
    });
    expect(world.counted).toEqual([]);
    expect(await send(NUMBER, 'fax-notice')).toMatchObject({ ok: true });
    expect(await send(LINE, 'fault-notice')).toMatchObject({ ok: true });
  });

  it('C13 goes to an address of earlier years only where it is stored', async () => {
    const world = await worldFor();
    const refused = await sendTestMail(world, NUMBER, { address: legacy });
    expect(refused).toMatchObject({ errors: [{ path: 'address', code: 'local-two-dots' }] });
    const { repository } = await settingsFor();
    const faxNotice = { enabled: true, recipients: [{ address: legacy, enabled: true }] };
    await repository.putSection(NUMBER, 'faxNotice', faxNotice);
    expect(await sendTestMail({ ...world, repository }, NUMBER, { address: legacy })).toMatchObject({
      ok: true,
    });
  });

  it('C13 goes to one of the line’s fault notice from the line number alone', async () => {
    const world = await worldFor();
    const { repository } = await settingsFor();
    const recipients = [{ address: legacy, enabled: true }];
    await repository.putFaultNotice(LINE, { ...EMPTY_FAULT_NOTICE, recipients });
    const send = (number: string) => sendTestMail({ ...world, repository }, number, { address: legacy });
    expect(await send(LINE)).toMatchObject({ ok: true });
    expect(await send(NUMBER)).toMatchObject({ ok: false, kind: 'invalid' });
  });

  it('C12 is refused when a limit is reached, and says which and for how long', async () => {
    const world = await worldFor(undefined, { ok: false, limit: 'address', retryAfterSeconds: 60 });
    expect(await sendTestMail(world, NUMBER, { address: 'a@example.jp' })).toEqual({
      ok: false,
      kind: 'too-many',
      limit: 'address',
      retryAfterSeconds: 60,
    });
    expect(world.published).toEqual([]);
  });

  it('C12 counts when it may still arrive, and not when it was never published', async () => {
    const unacknowledged = Object.assign(new Error('no broker'), { code: 'unacknowledged' });
    const tooLarge = Object.assign(new Error('too large'), { code: 'too-large' });
    for (const [failure, count] of [
      [unacknowledged, 1],
      [tooLarge, 0],
    ] as const) {
      const world = await worldFor(failure);
      await expect(sendTestMail(world, NUMBER, { address: 'a@example.jp' })).rejects.toBe(failure);
      expect(world.counted).toHaveLength(count);
    }
  });
});
