import { cloudEventHeaders, SWITCH_COMMANDS_TOPIC } from '#events';
import type { SwitchCommands } from '#delivery';
import type { Publisher } from './publisher.ts';

/** Publishes `bulk-transfer.v1` commands to the switch, keyed by the line number (R3). `source` is their `ce_source`. */
export function createSwitchCommands(publisher: Pick<Publisher, 'publish'>, source: string): SwitchCommands {
  return {
    bulkTransfer({ id, lineNumber, action, because, at }, trace): Promise<void> {
      const envelope = { id, source, type: 'bulk-transfer.v1', time: Date.now(), trace };
      const headers = cloudEventHeaders(envelope);
      const value = JSON.stringify({ lineNumber, action, because, at: new Date(at).toISOString() });
      return publisher.publish([{ topic: SWITCH_COMMANDS_TOPIC, key: lineNumber, value, headers }]);
    },
  };
}
