import { createHmac, hash, hkdfSync } from 'node:crypto';

/** Names one mail to one recipient: the same on every attempt, and opaque to outsiders. */
export interface MailIdentity {
  /** 32 hex digits, the part of the Message-ID before the @. */
  readonly messageId: string;
  /** 32 hex digits for the VERP address, by which a bounce is matched to its mail. */
  readonly returnToken: string;
}

/** Derives the key for return tokens from a secret (HKDF, RFC 5869). */
export function deriveIdentityKey(secret: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'denwa-notify mail identity v1', 32));
}

/**
 * Derives the identity of a mail from `parts` (event source, event id, kind, recipient). The return token is keyed, so
 * that nobody can forge one. The Message-ID is not keyed: it must survive a change of keys between two attempts.
 */
export function mailIdentity(key: Uint8Array, parts: readonly string[]): MailIdentity {
  const named = JSON.stringify(parts);
  return {
    messageId: hash('sha256', named).slice(0, 32),
    returnToken: createHmac('sha256', key).update(named).digest('hex').slice(0, 32),
  };
}
