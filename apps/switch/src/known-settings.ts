import type { EventData } from '#events';
import type { Forwarding } from './as-forwarded.ts';
import type { Told } from './told.ts';

/** What the switch has been told so far. */
export interface KnownSettings {
  /** Takes what it is told; false when it knows something newer already, which goes on to count. */
  learn(told: Told): boolean;
  /** What it knows about the calls of a number. */
  forwardingOf(call: Pick<EventData<'call.v1'>, 'lineNumber' | 'calledNumber'>): Forwarding;
}

/** A switch that has been told nothing yet. */
export function createKnownSettings(): KnownSettings {
  const warps = new Map<string, Extract<Told, { kind: 'voice-warp' | 'forgotten' }>>();
  const transfers = new Map<string, Extract<Told, { kind: 'bulk-transfer-settings' | 'forgotten' }>>();
  const commands = new Map<string, Extract<Told, { kind: 'bulk-transfer' }>>();
  const heard = new Set<string>();
  return {
    learn(told) {
      switch (told.kind) {
        case 'voice-warp':
          return keepNewest(warps, told.number, told);
        case 'bulk-transfer-settings':
          return keepNewest(transfers, told.lineNumber, told);
        case 'forgotten':
          return told.type === 'voice-warp.v1'
            ? keepNewest(warps, told.key, told)
            : keepNewest(transfers, told.key, told);
        case 'bulk-transfer':
          // Each comes in its order, and may come again after the next one. The clocks of those who tell may differ.
          if (heard.has(nameOf(told))) return false;
          heard.add(nameOf(told));
          commands.set(told.lineNumber, told);
          return true;
        case 'ip-phone-password':
          return true;
      }
    },
    forwardingOf({ lineNumber, calledNumber }) {
      const warp = warps.get(calledNumber);
      const transfer = transfers.get(lineNumber);
      const isStarted = commands.get(lineNumber)?.action === 'start';
      return {
        voiceWarp: warp?.kind === 'voice-warp' ? warp : undefined,
        transferTo:
          isStarted && transfer?.kind === 'bulk-transfer-settings'
            ? transfer.destinations[calledNumber]
            : undefined,
      };
    },
  };
}

const nameOf = ({ source, id }: { readonly source: string; readonly id: string }): string =>
  JSON.stringify([source, id]);

function keepNewest<T extends { readonly sequence: number }>(
  known: Map<string, T>,
  key: string,
  told: T,
): boolean {
  const before = known.get(key);
  if (before !== undefined && before.sequence > told.sequence) return false;
  known.set(key, told);
  return true;
}
