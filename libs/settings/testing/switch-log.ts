import { decodeSwitchCommand, decodeSwitchSettings, type RawRecord, type SwitchSettings } from '#events';
import type { SwitchRecord } from '../switch/tell-switch.ts';

/** A start or stop as the switch gets it. */
interface HeardCommand {
  readonly id: string;
  readonly lineNumber: string;
  readonly action: 'start' | 'stop';
}

/** What the switch makes of records in the order of the log. */
export interface HeardByTheSwitch {
  /** By type and number, what has the highest number in the order. */
  readonly settings: ReadonlyMap<string, SwitchSettings>;
  /** Each once, in the order in which it first came. */
  readonly commands: readonly HeardCommand[];
  /** What a compacted topic keeps in the end: by type and number, what came last. */
  readonly kept: ReadonlyMap<string, SwitchSettings>;
}

/** Reads what was told, with the readers of the switch. Throws for a record that it cannot read. */
export function hear(
  records: readonly Pick<SwitchRecord, 'topic' | 'key' | 'value' | 'headers'>[],
): HeardByTheSwitch {
  const settings = new Map<string, SwitchSettings>();
  const kept = new Map<string, SwitchSettings>();
  const commands = new Map<string, HeardCommand>();
  for (const record of records) {
    const raw: RawRecord = { ...record, partition: 0, offset: '0', timestamp: Date.now() };
    if (record.topic === 'switch-settings') {
      const told = valueOf(decodeSwitchSettings(raw));
      const name = nameOf(told);
      kept.set(name, told);
      if ((settings.get(name)?.sequence ?? 0) < told.sequence) settings.set(name, told);
    } else {
      const told = valueOf(decodeSwitchCommand(raw));
      if (told.kind === 'bulk-transfer' && !commands.has(told.id)) commands.set(told.id, told);
    }
  }
  return { settings, kept, commands: [...commands.values()] };
}

/** Where settings are told of: the type of their events, and the number. */
function nameOf(told: SwitchSettings): string {
  switch (told.kind) {
    case 'forgotten':
      return `${told.type} ${told.key}`;
    case 'voice-warp':
      return `voice-warp.v1 ${told.number}`;
    case 'bulk-transfer-settings':
      return `bulk-transfer-settings.v1 ${told.lineNumber}`;
  }
}

function valueOf<T>(
  read: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: unknown },
): T {
  if (!read.ok) throw new Error(`the switch cannot read it: ${JSON.stringify(read.problems)}`);
  return read.value;
}
