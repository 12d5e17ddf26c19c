import { EVENT_KINDS, type EventKind } from '#events';

/** Each kind has a folder of this name in `templates/`. */
export type MailKind = EventKind;

/** Every kind of mail. */
export const MAIL_KINDS: readonly MailKind[] = EVENT_KINDS;

/** The four senders of a brand: mails of one purpose come from one address, as large mailbox providers ask. */
export type SenderRole = 'call' | 'fax' | 'fault' | 'access';

const SENDER_ROLES: Readonly<Record<MailKind, SenderRole>> = {
  call: 'call',
  fax: 'fax',
  fault: 'fault',
  recovery: 'fault',
  'one-time-password': 'access',
  'two-step-code': 'access',
  'address-registration': 'access',
  'password-changed': 'access',
  'address-changed': 'access',
  'account-locked': 'access',
  // Sent from the notices' address: it shows that those arrive (C12).
  test: 'call',
};

/** The sender of a kind. */
export function senderRoleOf(kind: MailKind): SenderRole {
  return SENDER_ROLES[kind];
}
