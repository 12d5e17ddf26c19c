import { z } from 'zod';
import { UNITS, type AccessState } from '#access';
import { japanTime } from '#events';
import { maskAddress } from '#platform';

const time = z.string().meta({ format: 'date-time' });

/** The state of a number's login as it is answered (A15). */
export const accessDocument = z.object({
  unit: z.enum(UNITS),
  password: z.enum(['none', 'temporary', 'set', 'expired', 'invalid']),
  passwordExpiresAt: time.nullable(),
  oneTimePassword: z.object({
    use: z.boolean().nullable().meta({ description: '`null`: not chosen yet' }),
    address: z.string().exactOptional().meta({ description: 'Masked' }),
    pending: z.boolean().meta({ description: 'Whether an address waits for its link' }),
  }),
  sessions: z.int(),
  lastLoginAt: time.nullable(),
});

/** Shows a state without a secret, its address masked and its times in Japan's. */
export function shownAccess(state: AccessState): z.output<typeof accessDocument> {
  const { unit, password, passwordExpiresAt, oneTimePassword, sessions, lastLoginAt } = state;
  const { use, address, pending } = oneTimePassword;
  return {
    unit,
    password,
    passwordExpiresAt: passwordExpiresAt === undefined ? null : japanTime(passwordExpiresAt),
    oneTimePassword: { use, ...(address === null ? {} : { address: maskAddress(address) }), pending },
    sessions,
    lastLoginAt: lastLoginAt === null ? null : japanTime(lastLoginAt),
  };
}
