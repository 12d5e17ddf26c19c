import {
  decodeSwitchCommand,
  decodeSwitchSettings,
  SWITCH_COMMANDS_TOPIC,
  SWITCH_SETTINGS_TOPIC,
  type Problem,
  type RawRecord,
  type SwitchCommand,
  type SwitchSettings,
} from '#events';

/** The topics that tell the switch something. */
export const FOLLOWED_TOPICS = [SWITCH_SETTINGS_TOPIC, SWITCH_COMMANDS_TOPIC] as const;

/** What the switch is told: something to know, or something to do. */
export type Told = SwitchSettings | SwitchCommand;

type Read =
  { readonly ok: true; readonly value: Told } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a record of one of the topics that the switch follows. Never throws; no problem carries a value. */
export function readTold(record: RawRecord): Read {
  return record.topic === SWITCH_SETTINGS_TOPIC ? decodeSwitchSettings(record) : decodeSwitchCommand(record);
}
