import { japanTime, type Secret } from '#events';
import { asAccessMail, type AccessMailRequest } from './access-mail-input.ts';
import type { PublishAccessMail } from './publish-access-mail.ts';

/** A mail about access as the use cases of logins ask for it (O1–O4). */
export interface AccessMailToSend {
  readonly kind: AccessMailRequest['kind'];
  readonly number: string;
  readonly brand: string;
  readonly recipient: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt?: number;
  readonly secret?: Secret;
}

/**
 * Sends the mails that a login makes necessary: resolves when Kafka has acknowledged the mail under that event id.
 * Rejects like `publish`, and for a kind with the wrong secret, which is a bug.
 */
export function accessMailSender(
  publish: PublishAccessMail,
  now: () => number,
): (mail: AccessMailToSend, eventId: string) => Promise<void> {
  return async ({ issuedAt, expiresAt, ...mail }, eventId) => {
    const times = {
      issuedAt: japanTime(issuedAt),
      ...(expiresAt === undefined ? {} : { expiresAt: japanTime(expiresAt) }),
    };
    await publish(asAccessMail({ ...mail, ...times }), eventId, now());
  };
}
