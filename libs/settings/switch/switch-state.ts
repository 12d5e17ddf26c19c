import { isDeepStrictEqual } from 'node:util';
import type { EventData } from '#events';
import { hasService, isContracted, type LineSettings, type NumberSettings } from '#rules';

/**
 * Something that the switch knows by itself: the call forwarding of a number (V3), or the bulk transfer of a line (V2).
 */
export type SwitchPlace = `voice-warp:${string}` | `bulk-transfer:${string}`;

/** The number, or the line number, of a place. */
export function numberOfPlace(place: SwitchPlace): string {
  return place.slice(place.indexOf(':') + 1);
}

/** What the switch shall know of a place, and whether it shall be transferring the line now. */
export interface SwitchState {
  /** As an event has it; null: nothing, and nothing any more. */
  readonly settings: EventData<'voice-warp.v1'> | EventData<'bulk-transfer-settings.v1'> | null;
  readonly transfers: boolean;
}

/** What the switch shall know of a number: nothing before it was set, and none of what is not contracted any more. */
export function voiceWarpState(number: NumberSettings | undefined): SwitchState {
  const { voiceWarp } = number ?? {};
  if (!number || !voiceWarp || !hasService(number.services, 'voice-warp'))
    return { settings: null, transfers: false };
  const { enabled, condition, ringSeconds, destinations, destination, select } = voiceWarp;
  const settings = {
    number: number.number,
    enabled,
    condition,
    ...(ringSeconds === undefined ? {} : { ringSeconds }),
    destinations: [...destinations],
    destination,
    select: { mode: select.mode, callers: [...select.callers] },
  };
  return { settings, transfers: false };
}

/** The same of a line. */
export function bulkTransferState(
  line: Pick<LineSettings, 'lineNumber' | 'services' | 'bulkTransfer'> | undefined,
): SwitchState {
  const { bulkTransfer } = line ?? {};
  if (!line || !bulkTransfer || !isContracted(line, line.lineNumber, 'bulk-transfer'))
    return { settings: null, transfers: false };
  const { enabled, destinations } = bulkTransfer;
  return { settings: { lineNumber: line.lineNumber, destinations: { ...destinations } }, transfers: enabled };
}

/** What is new to the switch: that its settings are others, and what it is to do. */
export interface SwitchNews {
  readonly settings: boolean;
  readonly action?: 'start' | 'stop';
}

/**
 * What a change makes new to the switch; `undefined`: nothing. An order of the subscriber is also one to do what was
 * chosen before: a fault may have started the transfer since (R3).
 */
export function newsBetween(
  before: SwitchState,
  after: SwitchState,
  isOrder = false,
): SwitchNews | undefined {
  const settings = !isDeepStrictEqual(before.settings, after.settings);
  const isObeyed = isOrder && after.settings !== null;
  if (before.transfers === after.transfers && !isObeyed) return settings ? { settings } : undefined;
  return { settings, action: after.transfers ? 'start' : 'stop' };
}
