import { japanTimeToTheSecond } from '#events';
import type { Told } from './told.ts';

/** More destinations of a bulk transfer than these make no readable line. */
const DESTINATIONS_SHOWN = 4;

/** What the switch was told, as one line for a person. A password stays sealed, and is not part of it. */
export function toldLine(told: Told): string {
  switch (told.kind) {
    case 'voice-warp':
      return `Voice Warp of ${told.number}: ${forwarding(told)}`;
    case 'bulk-transfer-settings':
      return `bulk transfer of ${told.lineNumber}: ${destinations(told.destinations)}`;
    case 'forgotten':
      return `${told.type === 'voice-warp.v1' ? 'Voice Warp' : 'bulk transfer'} of ${told.key}: removed`;
    case 'bulk-transfer': {
      const { action, lineNumber, because, at } = told;
      return `${japanTimeToTheSecond(at)} ${action} bulk transfer of ${lineNumber} because of ${because}`;
    }
    case 'ip-phone-password': {
      const { number, at, effectiveAt } = told;
      return `${japanTimeToTheSecond(at)} new IP phone password of ${number} from ${japanTimeToTheSecond(effectiveAt)}`;
    }
  }
}

function forwarding({
  enabled,
  condition,
  ringSeconds,
  destinations: places,
  destination,
  select,
}: Extract<Told, { kind: 'voice-warp' }>): string {
  if (!enabled) return 'off';
  const after = ringSeconds === undefined ? '' : ` after ${ringSeconds} s`;
  const listed = select.mode === 'off' ? '' : `, ${select.mode} ${select.callers.join(' ')}`;
  return `on, ${condition}${after} to ${places[destination - 1] ?? 'nobody'}${listed}`;
}

function destinations(of: Readonly<Record<string, string>>): string {
  const all = Object.entries(of).map(([number, to]) => `${number} to ${to}`);
  if (all.length === 0) return 'no destination';
  const more = all.length > DESTINATIONS_SHOWN ? [`and ${all.length - DESTINATIONS_SHOWN} more`] : [];
  return [...all.slice(0, DESTINATIONS_SHOWN), ...more].join(', ');
}
