import { brands } from '../testing/settings-for-test.ts';
import { InMemoryIdempotencyKeys } from '../testing/in-memory-idempotency-keys.ts';
import { EVENT_SOURCE } from './publish-access-mail.ts';
import { sendAccessMail, type AccessMailDeps } from './send-access-mail.ts';

const NOW = Date.parse('2026-11-21T10:00:00+09:00');
const mail = {
  kind: 'password-changed',
  number: '03-1234-5679',
  brand: 'ntt-east',
  recipient: 'a@example.jp',
  issuedAt: '2026-11-21T10:00:00+09:00',
};

/** What access mails are sent with; `failing` publishes fail first. */
function depsFor(failing = 0): { readonly deps: AccessMailDeps; readonly published: string[] } {
  const published: string[] = [];
  let left = failing;
  const deps: AccessMailDeps = {
    brands,
    keys: new InMemoryIdempotencyKeys(),
    sealKeys: [{ id: 'k', key: Buffer.alloc(32, 1) }],
    now: () => NOW,
    async publish(asked, eventId) {
      published.push(`${eventId} ${asked.number}`);
      if (left-- > 0) throw new Error('Kafka is away');
      return { eventSource: EVENT_SOURCE, eventId };
    },
  };
  return { deps, published };
}

describe('a mail about access', () => {
  it('O1 is published with its number normalised, each time as an event of its own', async () => {
    const { deps, published } = depsFor();
    const sent = [await sendAccessMail(deps, mail), await sendAccessMail(deps, mail)];
    const ids = sent.map((one) => (one.ok ? one.event.eventId : ''));
    expect(published).toEqual(ids.map((id) => `${id} 0312345679`));
    expect(new Set(ids).size).toBe(2);
  });

  it('O1 is refused with every error, and not published', async () => {
    const { deps, published } = depsFor();
    const wrong = { ...mail, brand: 'nobody', recipient: 'x', issuedAt: '2026-11-21T10:06:00+09:00' };
    const refused = await sendAccessMail(deps, wrong);
    expect('errors' in refused ? refused.errors.map(({ path, code }) => `${path} ${code}`) : []).toEqual(
      expect.arrayContaining(['brand brand-unknown', 'recipient address-no-at', 'issuedAt time-ahead']),
    );
    expect(published).toEqual([]);
  });

  it('O1 O5 is refused with another code under the same key; nothing kept tells the code', async () => {
    const { deps, published } = depsFor();
    const code = (text: string): object => ({
      ...mail,
      kind: 'one-time-password',
      expiresAt: '2026-11-21T10:05:00+09:00',
      secret: { code: text },
    });
    const clientKey = { client: 'site', key: 'k' };
    const begun: unknown[] = [];
    const keys: AccessMailDeps['keys'] = {
      begin: (...call) => (begun.push(call), deps.keys.begin(...call)),
      finish: (...call) => deps.keys.finish(...call),
    };
    const noting = { ...deps, keys };
    const first = await sendAccessMail(noting, code('48291736'), clientKey);
    expect(await sendAccessMail(noting, code('48291736'), clientKey)).toEqual(first);
    expect(await sendAccessMail(noting, code('00000000'), clientKey)).toMatchObject({ code: 'key-reused' });
    expect(published).toHaveLength(1);
    expect(JSON.stringify(begun)).not.toMatch(/48291736|00000000/);
  });

  it('is published once under a client’s key; another client may use the same', async () => {
    const { deps, published } = depsFor();
    const first = await sendAccessMail(deps, mail, { client: 'site', key: 'k' });
    expect(await sendAccessMail(deps, mail, { client: 'site', key: 'k' })).toEqual(first);
    expect(published).toHaveLength(1);
    await sendAccessMail(deps, mail, { client: 'another', key: 'k' });
    expect(published).toHaveLength(2);
  });

  it('is published again as the same event when nobody knows whether it was', async () => {
    const { deps, published } = depsFor(1);
    const once = { client: 'site', key: 'k' };
    await expect(sendAccessMail(deps, mail, once)).rejects.toThrow('Kafka is away');
    expect(await sendAccessMail(deps, mail, once)).toMatchObject({ ok: true });
    expect(published[1]).toBe(published[0]);
  });

  it('is refused under a key of another document, and under what is no key', async () => {
    const { deps, published } = depsFor();
    await sendAccessMail(deps, mail, { client: 'site', key: 'k' });
    const other = { ...mail, recipient: 'b@example.jp' };
    for (const [document, key, code] of [
      [other, 'k', 'key-reused'],
      [mail, 'no key', 'text'],
      [mail, '', 'text'],
      [mail, 'k'.repeat(256), 'text'],
    ] as const)
      expect(await sendAccessMail(deps, document, { client: 'site', key })).toMatchObject({
        ok: false,
        kind: 'invalid-key',
        code,
      });
    expect(published).toHaveLength(1);
  });
});
