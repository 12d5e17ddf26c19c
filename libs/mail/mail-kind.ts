import type { EventKind } from '#events';

/** Every kind of mail; each has a folder of this name in `templates/`. */
export const MAIL_KINDS = [
  'call',
  'fax',
  'fault',
  'recovery',
  'one-time-password',
  'two-step-code',
  'address-registration',
  'password-changed',
  'address-changed',
  'account-locked',
  'test',
] as const satisfies readonly EventKind[];

export type MailKind = EventKind;

/** The four senders of a brand: mails of one purpose come from one address, as large mailbox providers ask. */
export type SenderRole = 'call' | 'fax' | 'fault' | 'access';

/** Who a kind is sent by. A test mail comes from where the notices come from: it shows that those arrive (C12). */
export function senderRoleOf(kind: MailKind): SenderRole {
  switch (kind) {
    case 'call':
    case 'test':
      return 'call';
    case 'fax':
      return 'fax';
    case 'fault':
    case 'recovery':
      return 'fault';
    case 'one-time-password':
    case 'two-step-code':
    case 'address-registration':
    case 'password-changed':
    case 'address-changed':
    case 'account-locked':
      return 'access';
  }
}
