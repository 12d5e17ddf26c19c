import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { nationalNumber, phoneNumber } from '../fields.ts';

const schema = z
  .object({
    number: phoneNumber,
    enabled: z.boolean(),
    condition: z.enum(['unconditional', 'no-answer', 'busy', 'no-answer-or-busy']),
    ringSeconds: z
      .int()
      .min(1)
      .meta({ description: 'Only with a condition that waits for an answer' })
      .exactOptional(),
    destinations: z
      .array(phoneNumber.nullable())
      .length(4)
      .meta({ description: 'In their places 1 to 4; null for an empty one' }),
    destination: z.int().min(1).max(4).meta({ description: 'Which place is in use' }),
    select: z
      .object({ mode: z.enum(['off', 'forward-listed', 'ring-listed']), callers: z.array(phoneNumber) })
      .meta({ description: 'Forwards only listed callers, or lets only listed callers ring' }),
  })
  .meta({ description: 'The whole call forwarding of a number, as it is now (V3)' });

type Data = z.output<typeof schema>;

/** The whole call forwarding of a number (V3). */
export interface VoiceWarpSettings extends Data {
  readonly kind: 'voice-warp';
}

/** `voice-warp.v1` */
export const voiceWarp = defineEvent({
  topic: 'switch-settings',
  schema,
  toBody: ({
    number,
    enabled,
    condition,
    ringSeconds,
    destinations,
    destination,
    select,
  }): VoiceWarpSettings => ({
    kind: 'voice-warp',
    number: nationalNumber(number),
    enabled,
    condition,
    ...(ringSeconds === undefined ? {} : { ringSeconds }),
    destinations: destinations.map((one) => one && nationalNumber(one)),
    destination,
    select: { mode: select.mode, callers: select.callers.map(nationalNumber) },
  }),
  example: {
    number: '0312345679',
    enabled: true,
    condition: 'no-answer',
    ringSeconds: 20,
    destinations: ['09012345678', null, null, null],
    destination: 1,
    select: { mode: 'off', callers: ['0698765432'] },
  },
});
