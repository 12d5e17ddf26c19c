import type { SwitchCommands } from '#delivery';
import type { Publisher } from './publisher.ts';

/** Publishes `bulk-transfer.v1` commands to the switch, keyed by the line number (R3). */
export function createSwitchCommands(_publisher: Publisher): SwitchCommands {
  throw new Error('not yet');
}
