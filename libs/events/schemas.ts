import { z } from 'zod';
import { count, identifier, party, phoneNumber, time } from './fields.ts';

/** `call.v1` (C1–C11). */
export const callSchema = z
  .object({
    lineNumber: phoneNumber,
    calledNumber: phoneNumber,
    caller: party,
    startedAt: time,
    ringSeconds: count,
    outcome: z.enum(['answered', 'unanswered', 'busy', 'forwarded', 'abandoned']),
    refusedBy: z
      .enum(['number-request', 'nuisance-list'])
      .meta({ description: 'The service that refused the call; absent when not refused (C7, C8)' })
      .exactOptional(),
    forwarding: z
      .enum(['destination-busy', 'destination-unreachable'])
      .meta({ description: 'Why Voice Warp could not forward the call; absent otherwise (C9)' })
      .exactOptional(),
  })
  .meta({ description: 'A call came in' });

/** `fax.v1` (F1–F3). */
export const faxSchema = z
  .object({
    lineNumber: phoneNumber,
    calledNumber: phoneNumber,
    sender: party,
    receivedAt: time,
    pages: count.meta({ description: 'The pages that arrived' }),
    complete: z.boolean().meta({ description: 'False when the reception broke off' }),
    documentId: identifier,
  })
  .meta({ description: 'A FAX was received' });

const faultData = z.object({
  lineNumber: phoneNumber,
  faultId: identifier,
  at: time,
  numbers: z
    .array(phoneNumber)
    .min(1)
    .meta({ description: 'The numbers affected; absent: all of the line' })
    .exactOptional(),
});

/** `fault.v1` (R1–R4). */
export const faultSchema = faultData.meta({ description: 'A line failed' });

/** `recovery.v1` (R1–R4). */
export const recoverySchema = faultData.meta({ description: 'A line works again' });

const accessMail = {
  number: phoneNumber,
  brand: z.string().regex(/^[a-z0-9-]{1,64}$/, { error: 'expected a brand id: small letters, digits, -' }),
  // RFC 5321 Dot-string loosened for addresses of earlier years (C13); nothing that could end or split an envelope.
  recipient: z
    .string()
    .max(254, { error: 'expected at most 254 octets' })
    .regex(/^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+$/, { error: 'expected one mail address' }),
  issuedAt: time,
};

/** `access-mail.v1` (O1–O5): a kind with a code or a link needs it sealed, and says until when it is valid. */
export const accessMailSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.enum(['one-time-password', 'two-step-code', 'address-registration']),
      ...accessMail,
      expiresAt: time,
      sealed: z
        .string()
        .regex(/^v1(\.[\w-]+){4}$/, { error: 'expected v1.<key id>.<iv>.<ciphertext>.<tag> in base64url' })
        .meta({ description: 'AES-256-GCM of {"code":"…"} or {"link":"…"}; additional data is ce_id' }),
    }),
    z.object({
      kind: z.enum(['password-changed', 'address-changed', 'account-locked', 'test']),
      ...accessMail,
      expiresAt: time.exactOptional(),
    }),
  ])
  .meta({ description: 'A mail about access is to be sent' });

/** `bulk-transfer.v1` (R3): what the switch is told to do. */
export const bulkTransferSchema = z
  .object({
    lineNumber: phoneNumber,
    action: z.enum(['start', 'stop']),
    because: identifier.meta({ description: 'The fault that asks for it' }),
    at: time,
  })
  .meta({ description: 'Start or stop the bulk transfer of a line' });

/**
 * `outcomes.v1`: what became of events. Reasons and states are open to a reader: during an upgrade it may meet
 * one that it does not know yet.
 */
export const outcomesSchema = z
  .object({
    items: z.array(
      z.object({
        eventSource: identifier,
        eventId: identifier,
        sequence: z.int().min(1).meta({ description: 'The highest of an event counts' }),
        kind: z.string(),
        number: z.string(),
        lineNumber: z.string().nullable(),
        at: z.string().meta({ format: 'date-time' }),
        reason: z.string(),
        recipients: z.array(
          z.object({ address: z.string(), state: z.string(), attempts: count, response: z.string() }),
        ),
      }),
    ),
  })
  .meta({ description: 'What became of events' });
