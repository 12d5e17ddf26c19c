import type { EventData, SwitchSettings } from '#events';

type Call = EventData<'call.v1'>;
type VoiceWarp = Omit<Extract<SwitchSettings, { kind: 'voice-warp' }>, 'sequence'>;

/** What decides whether calls to a number are forwarded. */
export interface Forwarding {
  /** The number's own (V3); absent: nothing is known of it, which is off. */
  readonly voiceWarp?: VoiceWarp | undefined;
  /** Where the bulk transfer of its line forwards it (V2); absent: it does not. */
  readonly transferTo?: string | undefined;
}

/**
 * The call as it ends under what the switch knows (V2, V3). One that was drawn as forwarded, or as one that could not be,
 * is of somebody who did not answer: whether it is forwarded at all is decided here alone. Whom the switch refuses is
 * refused before anything is forwarded.
 */
export function asForwarded(call: Call, { voiceWarp, transferTo }: Forwarding): Call {
  if (call.refusedBy !== undefined) return call;
  const { forwarding, ...drawn } = call;
  const isUnanswered = drawn.outcome === 'forwarded' || forwarding !== undefined;
  const rings: Call = isUnanswered ? { ...drawn, outcome: 'unanswered' } : drawn;
  if (transferTo !== undefined) return { ...rings, outcome: 'forwarded', ringSeconds: 0 };
  const ringSeconds = voiceWarp && secondsUntilForwarded(rings, voiceWarp);
  if (ringSeconds === undefined) return rings;
  // The destination is busy or out of reach, whoever is forwarded to it (C9).
  if (forwarding !== undefined) return { ...rings, ringSeconds, forwarding };
  return { ...rings, ringSeconds, outcome: 'forwarded' };
}

/** How long the call rings before Voice Warp forwards it; `undefined` when it does not. */
function secondsUntilForwarded(call: Call, warp: VoiceWarp): number | undefined {
  if (!warp.enabled || !isSelected(call, warp) || !warp.destinations[warp.destination - 1]) return undefined;
  const { condition, ringSeconds = 0 } = warp;
  if (condition === 'unconditional') return 0;
  if (call.outcome === 'busy') return condition === 'no-answer' ? undefined : 0;
  if (condition === 'busy') return undefined;
  // Whoever answers or gives up later is forwarded before.
  return call.outcome === 'unanswered' || call.ringSeconds > ringSeconds ? ringSeconds : undefined;
}

/** Select forwards listed callers alone, or all others; a caller without a number is on no list. */
function isSelected({ caller }: Call, { select: { mode, callers } }: VoiceWarp): boolean {
  if (mode === 'off') return true;
  const isListed = callers.some((listed) => listed === caller.number);
  return isListed === (mode === 'forward-listed');
}
