import { z } from 'zod';
import { addProblem, checkDuplicates, checkMost, telephoneNumber } from './input-checks.ts';
import { parseCallerNumber, parseSubscriberNumber } from './telephone-number.ts';

/** When a call is forwarded (V3). */
export const FORWARDING_CONDITIONS = ['unconditional', 'no-answer', 'busy', 'no-answer-or-busy'] as const;
export type ForwardingCondition = (typeof FORWARDING_CONDITIONS)[number];

/** What Select does: nothing, forward only listed callers, or let only listed callers ring (V3). */
export const SELECT_MODES = ['off', 'forward-listed', 'ring-listed'] as const;
export type SelectMode = (typeof SELECT_MODES)[number];

/** How many destinations a number has places for, and how many callers Select lists. */
export const DESTINATIONS = 4;
export const SELECT_CALLERS = 30;
/** How long it may ring before a call is forwarded, in seconds. */
export const RING_SECONDS = { least: 5, most: 60 } as const;

/** Call forwarding of a number (V3). */
export interface VoiceWarp {
  readonly enabled: boolean;
  readonly condition: ForwardingCondition;
  /** Only with a condition that waits for an answer. */
  readonly ringSeconds?: number;
  /** In their places 1 to 4; null for an empty one. */
  readonly destinations: readonly (string | null)[];
  /** Which place is in use, from 1. */
  readonly destination: number;
  readonly select: { readonly mode: SelectMode; readonly callers: readonly string[] };
}

/** The call forwarding of a number before anybody sets it. */
export const EMPTY_VOICE_WARP: VoiceWarp = {
  enabled: false,
  condition: 'unconditional',
  destinations: [null, null, null, null],
  destination: 1,
  select: { mode: 'off', callers: [] },
};

/** Call forwarding as it is stored. */
export const storedVoiceWarp: z.ZodType<VoiceWarp> = z.looseObject({
  enabled: z.boolean(),
  condition: z.enum(FORWARDING_CONDITIONS),
  ringSeconds: z.number().exactOptional(),
  destinations: z.array(z.string().nullable()),
  destination: z.number(),
  select: z.looseObject({ mode: z.enum(SELECT_MODES), callers: z.array(z.string()) }),
});

/** Whether a condition waits for an answer, and so has `ringSeconds`. */
export function waitsForAnswer(condition: ForwardingCondition): boolean {
  return condition === 'no-answer' || condition === 'no-answer-or-busy';
}

/**
 * The document of a number's call forwarding as it is written (V3); returned with its numbers normalised. A destination
 * is any national number but this one: also another number of the line, and never an emergency number, which is shorter.
 * Select may be started before a caller is listed, as its pages come in that order.
 */
export function voiceWarpInput(number: string): z.ZodType<VoiceWarp> {
  const destination = telephoneNumber(parseSubscriberNumber).superRefine((text, context) => {
    if (text === number) addProblem(context, { code: 'own-number', message: 'expected another number' });
  });
  return z
    .strictObject({
      enabled: z.boolean(),
      condition: z.enum(FORWARDING_CONDITIONS),
      ringSeconds: z.int().min(RING_SECONDS.least).max(RING_SECONDS.most).exactOptional(),
      destinations: z.array(destination.nullable()).length(DESTINATIONS),
      destination: z.int().min(1).max(DESTINATIONS),
      select: z.strictObject({
        mode: z.enum(SELECT_MODES),
        callers: z.array(telephoneNumber(parseCallerNumber)).superRefine((callers, context) => {
          checkMost(SELECT_CALLERS, callers, context);
          checkDuplicates(callers, (caller) => caller, [], context);
        }),
      }),
    })
    .superRefine(checkTogether);
}

function checkTogether(warp: VoiceWarp, context: z.RefinementCtx): void {
  const { condition, ringSeconds, destinations, destination, enabled } = warp;
  if (waitsForAnswer(condition) !== (ringSeconds !== undefined)) {
    const message = waitsForAnswer(condition)
      ? `expected a number with the condition ${condition}`
      : `expected none with the condition ${condition}`;
    addProblem(context, { code: 'ring-seconds', message }, ['ringSeconds']);
  }
  if (enabled && destinations[destination - 1] === null) {
    const message = 'forwarding can be started only when the destination in use is set';
    addProblem(context, { code: 'destination-required', message }, ['destinations', destination - 1]);
  }
}
