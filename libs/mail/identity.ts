import { createHmac, hkdfSync } from 'node:crypto';

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

/** One HMAC over `parts` (event source, event id, kind, recipient), halved. */
export function mailIdentity(key: Uint8Array, parts: readonly string[]): MailIdentity {
  const digest = createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex');
  return { messageId: digest.slice(0, 32), returnToken: digest.slice(32) };
}
