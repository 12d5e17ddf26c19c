import { z } from 'zod';
import { defineNotifyEvent } from '../define-event.ts';
import type { BodyOf, EventBase } from '../event.ts';
import { nationalNumber, phoneNumber, sealedSecret, time } from '../fields.ts';
import { instantOf } from '../rfc3339-time.ts';

const DAY_MS = 86_400_000;

/**
 * Each kind of mail about access: the secret that it carries, and how long after its issue it may be valid at most, in
 * milliseconds, whatever its sender says (O1–O4).
 */
export const ACCESS_MAILS = {
  'one-time-password': { secret: 'code', lifeMs: 300_000 },
  'two-step-code': { secret: 'code', lifeMs: DAY_MS },
  'address-registration': { secret: 'link', lifeMs: DAY_MS },
  'password-changed': { secret: null, lifeMs: DAY_MS },
  'address-changed': { secret: null, lifeMs: DAY_MS },
  'account-locked': { secret: null, lifeMs: DAY_MS },
  test: { secret: null, lifeMs: DAY_MS },
} as const;

/** The kind of an access mail. */
type AccessKind = keyof typeof ACCESS_MAILS;
/** The kinds that carry such a secret; `null`: that carry none. */
export type AccessKindWith<Secret extends 'code' | 'link' | null> = {
  [Kind in AccessKind]: (typeof ACCESS_MAILS)[Kind]['secret'] extends Secret ? Kind : never;
}[AccessKind];

const KINDS = Object.keys(ACCESS_MAILS) as readonly AccessKind[];

/** The kinds that carry such a secret; `null`: that carry none. */
export function accessKindsWith<Secret extends 'code' | 'link' | null>(
  ...secrets: readonly Secret[]
): readonly AccessKindWith<Secret>[] {
  const wanted: readonly (string | null)[] = secrets;
  return KINDS.filter((kind): kind is AccessKindWith<Secret> => wanted.includes(ACCESS_MAILS[kind].secret));
}

const common = {
  number: phoneNumber,
  brand: z.string().regex(/^[a-z0-9-]{1,64}$/, { error: 'expected a brand id: small letters, digits, -' }),
  // RFC 5321 Dot-string loosened for addresses of earlier years (C13); nothing that could end or split an envelope.
  recipient: z
    .string()
    .max(254, { error: 'expected at most 254 octets' })
    .regex(/^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+$/, { error: 'expected one mail address' }),
  issuedAt: time,
};

// A kind with a code or a link needs it sealed, and says until when it is valid.
const schema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.enum(accessKindsWith('code', 'link')),
      ...common,
      expiresAt: time,
      sealed: sealedSecret.meta({
        description: 'AES-256-GCM of {"code":"…"} or {"link":"…"}; additional data is ce_id',
      }),
    }),
    z.object({
      kind: z.enum(accessKindsWith(null)),
      ...common,
      expiresAt: time.exactOptional(),
    }),
  ])
  .meta({ description: 'A mail about access is to be sent' });

type Data = z.output<typeof schema>;

/** An access mail is to be sent (O1–O5); its secret stays sealed until the mail is rendered. */
export interface AccessMailEvent extends EventBase, Readonly<Omit<Data, 'issuedAt' | 'expiresAt'>> {
  /** Epoch milliseconds, at most the kind's `lifeMs` after `at`; absent for kinds that do not expire. */
  readonly expiresAt?: number;
  readonly sealed?: string;
}

function toAccessMail(data: Data): BodyOf<AccessMailEvent> {
  const { kind, expiresAt } = data;
  const at = instantOf(data.issuedAt);
  const mail = {
    kind,
    at,
    number: nationalNumber(data.number),
    brand: data.brand,
    recipient: data.recipient,
  };
  if (expiresAt === undefined) return mail;
  const timed = { ...mail, expiresAt: Math.min(instantOf(expiresAt), at + ACCESS_MAILS[kind].lifeMs) };
  return carriesSecret(data) ? { ...timed, sealed: data.sealed } : timed;
}

/** By its kind: a mail that must not have a secret may have a field of that name. */
function carriesSecret(data: Data): data is Extract<Data, { sealed: string }> {
  return ACCESS_MAILS[data.kind].secret !== null;
}

/** `access-mail.v1` */
export const accessMail = defineNotifyEvent({
  topic: 'access-mails',
  kinds: KINDS,
  schema,
  timeField: 'issuedAt',
  toBody: toAccessMail,
  example: {
    kind: 'one-time-password',
    number: '0312345679',
    brand: 'ntt-east',
    recipient: 'a@example.jp',
    issuedAt: '2026-11-21T10:00:00+09:00',
    expiresAt: '2026-11-21T10:05:00+09:00',
    sealed: 'v1.k1.MDEyMzQ1Njc4OWFi.eyJjb2RlIjoiMTIzNDU2In0.MDEyMzQ1Njc4OWFiY2RlZg',
  },
});
