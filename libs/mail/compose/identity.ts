import { createHmac, hash, hkdfSync } from 'node:crypto';

/** What names one mail to one recipient: the same on every attempt, telling nobody whose it is. */
export interface MailIdentity {
  /** 32 hexadecimal digits for the left side of the Message-ID. */
  readonly messageId: string;
  /** 32 hexadecimal digits for the VERP address, so that a bounce says which mail it is about. */
  readonly returnToken: string;
}

/** A key of its own for these names, derived from another secret (HKDF, RFC 5869). */
export function deriveIdentityKey(secret: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'denwa-notify mail identity v1', 32));
}

/**
 * Names the mail of `parts` (event source, event id, kind, recipient). The return token is keyed, so that nobody can
 * make one up. The Message-ID is not: a mail sent once more must keep it even when the keys were changed in between.
 */
export function mailIdentity(key: Uint8Array, parts: readonly string[]): MailIdentity {
  const named = JSON.stringify(parts);
  return {
    messageId: hash('sha256', named).slice(0, 32),
    returnToken: createHmac('sha256', key).update(named).digest('hex').slice(0, 32),
  };
}
