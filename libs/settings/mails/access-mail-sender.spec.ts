import { accessMailSender, type AccessMailToSend } from './access-mail-sender.ts';
import type { PublishAccessMail } from './publish-access-mail.ts';

const AT = Date.parse('2026-11-21T10:00:00+09:00');
const NOW = AT + 5;
const about = { number: '0312345679', brand: 'ntt-east', recipient: 'taro..@docomo.ne.jp', issuedAt: AT };

/** Sends a mail; resolves with what is published, under which id and when. */
async function published(mail: AccessMailToSend): Promise<Parameters<PublishAccessMail>[]> {
  const calls: Parameters<PublishAccessMail>[] = [];
  const publish: PublishAccessMail = async (...call) => {
    calls.push(call);
    return { eventSource: '/s', eventId: call[1] };
  };
  await accessMailSender(publish, () => NOW)(mail, 'e-1');
  return calls;
}

describe('the mails of logins', () => {
  const shown = { ...about, issuedAt: '2026-11-21T10:00:00+09:00' };
  const expiresAt = AT + 300_000;

  it('O1 O2 are published with their secret, their times in Japan, under the id they are given', async () => {
    const code = { kind: 'one-time-password', secret: { code: '48291736' } } as const;
    const link = { kind: 'address-registration', secret: { link: 'https://x.example/r' } } as const;
    for (const mail of [code, link])
      expect(await published({ ...about, ...mail, expiresAt })).toEqual([
        [{ ...shown, ...mail, expiresAt: '2026-11-21T10:05:00+09:00' }, 'e-1', NOW],
      ]);
  });

  it('O4 are published without a secret, and to an address of earlier years too', async () => {
    expect(await published({ ...about, kind: 'address-changed' })).toEqual([
      [{ ...shown, kind: 'address-changed' }, 'e-1', NOW],
    ]);
  });

  it('O5 are not published with the secret of another kind, or without theirs', async () => {
    const link = { link: 'https://x.example/r' };
    for (const mail of [
      { ...about, kind: 'two-step-code', secret: link, expiresAt },
      { ...about, kind: 'account-locked', secret: link },
      { ...about, kind: 'one-time-password', expiresAt },
    ] as const)
      await expect(published(mail)).rejects.toThrow(/secret/);
  });
});
