import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ACCESS_MAILS, type AccessMailEvent } from './kinds/access-mail.ts';

/** A key of 32 bytes and the name it goes by. */
export interface SealKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Why a secret cannot be opened; reveals nothing of its content. */
type OpenProblem = 'not-a-seal' | 'unknown-key' | 'not-authentic' | 'not-a-secret';

type Shut = { readonly ok: false; readonly problem: OpenProblem };
export type OpenResult = { readonly ok: true; readonly secret: Secret | Password } | Shut;

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEAL = /^v1\.([\w-]+)\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

const CODE = /^[0-9A-Za-z-]{1,32}$/;
/** To this machine itself a link may be http, for trying out: nobody is on the way. */
const LINK =
  /^(?:https:\/\/|http:\/\/(?=(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?(?:[/?#]|$)))[\x21-\x7e]{1,2000}$/;

function opensWhatItShows(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { username, password } = new URL(link);
  // A name before the host (https://our.site@evil.example/) shows another site than it opens.
  return username === '' && password === '';
}

const EXPECTED_LINK =
  'expected a link beginning with https:// (http:// to this machine itself), without a user name, of at most 2000 visible ASCII characters after it';

/** The secret in an access mail, restricted to what a mail can safely show (O5): no code is markup or a link. */
export const secretSchema = z.union([
  z.strictObject({
    code: z.string().regex(CODE, 'expected a code of 1 to 32 letters, digits and hyphens'),
  }),
  z.strictObject({ link: z.string().regex(LINK, EXPECTED_LINK).refine(opensWhatItShows, EXPECTED_LINK) }),
]);
export type Secret = z.output<typeof secretSchema>;

/** The new password of an IP phone, which goes to the switch and into no mail (V4). */
const passwordSchema = z.strictObject({ password: z.string().regex(/^[0-9A-Za-z]{1,32}$/) });
type Password = z.output<typeof passwordSchema>;
const sealedSchema = z.union([...secretSchema.options, passwordSchema]);

/** Seals a secret for the event with that `ce_id` under the first key, as `v1.<key id>.<iv>.<ciphertext>.<tag>`. */
export function seal(
  secret: Secret | Password,
  eventId: string,
  keys: readonly [SealKey, ...SealKey[]],
): string {
  return sealText(JSON.stringify(secret), eventId, keys);
}

/** Seals a text for what has that id, in the same form. */
export function sealText(text: string, id: string, keys: readonly [SealKey, ...SealKey[]]): string {
  const [{ id: keyId, key }] = keys;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(id));
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [VERSION, keyId, ...parts].join('.');
}

/**
 * Opens a secret that `seal` sealed for the event with that `ce_id`, by whichever of the keys it names. Never throws.
 */
export function open(sealed: string, eventId: string, keys: readonly SealKey[]): OpenResult {
  const opened = openText(sealed, eventId, keys);
  return opened.ok ? parseSecret(opened.text) : opened;
}

/** Opens a text that `sealText` sealed for what has that id. Never throws. */
export function openText(
  sealed: string,
  id: string,
  keys: readonly SealKey[],
): { readonly ok: true; readonly text: string } | Shut {
  const [, keyId, iv, ciphertext, tag] = SEAL.exec(sealed) ?? [];
  if (iv === undefined || ciphertext === undefined || tag === undefined) return shut('not-a-seal');
  const key = keys.find((one) => one.id === keyId);
  if (key === undefined) return shut('unknown-key');
  try {
    const decipher = createDecipheriv(ALGORITHM, key.key, bytes(iv), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(id))
      .setAuthTag(bytes(tag));
    const text = Buffer.concat([decipher.update(bytes(ciphertext)), decipher.final()]).toString();
    return { ok: true, text };
  } catch {
    return shut('not-authentic');
  }
}

/** Opens the secret of an access mail; a kind without one returns `ok` without a secret. Never throws. */
export function openSecret(
  event: AccessMailEvent,
  keys: readonly SealKey[],
): { readonly ok: true; readonly secret?: Secret } | Shut {
  if (event.sealed === undefined) return { ok: true };
  const opened = open(event.sealed, event.id, keys);
  const field = ACCESS_MAILS[event.kind].secret;
  if (!opened.ok) return opened;
  const { secret } = opened;
  return field === null || !(field in secret) || 'password' in secret
    ? shut('not-a-secret')
    : { ok: true, secret };
}

function parseSecret(plaintext: string): OpenResult {
  try {
    const { success, data } = sealedSchema.safeParse(JSON.parse(plaintext));
    return success ? { ok: true, secret: data } : shut('not-a-secret');
  } catch {
    return shut('not-a-secret');
  }
}

function bytes(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}

function shut(problem: OpenProblem): Shut {
  return { ok: false, problem };
}
