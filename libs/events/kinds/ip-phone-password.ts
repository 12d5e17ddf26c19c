import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { nationalNumber, phoneNumber, sealedSecret, time } from '../fields.ts';
import { instantOf } from '../rfc3339-time.ts';

const schema = z
  .object({
    number: phoneNumber,
    at: time.meta({ description: 'When it was changed: RFC 3339 with an offset' }),
    effectiveAt: time.meta({ description: 'From when it counts: RFC 3339 with an offset' }),
    sealed: sealedSecret.meta({ description: 'AES-256-GCM of {"password":"…"}; additional data is ce_id' }),
  })
  .meta({ description: 'The password of an IP phone changes (V4)' });

/** A command to the switch (V4), `at` and `effectiveAt` in epoch milliseconds; the password stays sealed. */
export interface IpPhonePassword {
  readonly kind: 'ip-phone-password';
  readonly number: string;
  readonly at: number;
  readonly effectiveAt: number;
  readonly sealed: string;
}

/** `ip-phone-password.v1` */
export const ipPhonePassword = defineEvent({
  topic: 'switch-commands',
  schema,
  toBody: ({ number, at, effectiveAt, sealed }): IpPhonePassword => ({
    kind: 'ip-phone-password',
    number: nationalNumber(number),
    at: instantOf(at),
    effectiveAt: instantOf(effectiveAt),
    sealed,
  }),
  example: {
    number: '05012345678',
    at: '2026-11-21T10:00:00+09:00',
    effectiveAt: '2026-11-21T10:15:00+09:00',
    sealed: 'v1.k1.MDEyMzQ1Njc4OWFi.eyJwYXNzd29yZCI6IkFiMTIzNDU2In0.MDEyMzQ1Njc4OWFiY2RlZg',
  },
});
