import { note, textHeader } from './cloud-event.ts';
import { readRecord, type ReadResult } from './decode.ts';
import type { Problem, RawRecord } from './event.ts';
import { decodeSequence } from './fields.ts';
import { bulkTransferSettings, type BulkTransferDestinations } from './kinds/bulk-transfer-settings.ts';
import { bulkTransfer, type BulkTransfer } from './kinds/bulk-transfer.ts';
import { ipPhonePassword, type IpPhonePassword } from './kinds/ip-phone-password.ts';
import { voiceWarp, type VoiceWarpSettings } from './kinds/voice-warp.ts';

/** A command to the switch: the same one may come twice, with the same `source` and `id`. */
export type SwitchCommand = (BulkTransfer | IpPhonePassword) & {
  readonly source: string;
  readonly id: string;
};

const COMMANDS = { 'bulk-transfer.v1': bulkTransfer, 'ip-phone-password.v1': ipPhonePassword };
const SETTINGS = { 'voice-warp.v1': voiceWarp, 'bulk-transfer-settings.v1': bulkTransferSettings };

/** Nothing is to be known any more of a number's call forwarding, or of a line's bulk transfer. */
interface Forgotten {
  readonly kind: 'forgotten';
  readonly type: keyof typeof SETTINGS;
  /** The number or line number. */
  readonly key: string;
}

/**
 * What the switch is to know now of a number or a line. An older one may come after a newer one: of a number's call
 * forwarding, and of a line's bulk transfer, only what has the highest `sequence` counts (V5).
 */
export type SwitchSettings = (VoiceWarpSettings | BulkTransferDestinations | Forgotten) & {
  readonly sequence: number;
};

/** Reads a record of `switch-commands`. Never throws; no problem carries a value. */
export function decodeSwitchCommand(record: RawRecord): ReadResult<SwitchCommand> {
  const { problems, attributes, body } = readRecord<BulkTransfer | IpPhonePassword>(record, COMMANDS);
  if (problems.length > 0 || !attributes || !body) return { ok: false, problems };
  return { ok: true, value: { ...body, source: attributes.source, id: attributes.id } };
}

/** Reads a record of `switch-settings`, also one without a value. Never throws; no problem carries a value. */
export function decodeSwitchSettings(record: RawRecord): ReadResult<SwitchSettings> {
  const problems: Problem[] = [];
  const body = record.value === null ? readTombstone(record, problems) : readSettings(record, problems);
  const sequence = decodeSequence(textHeader(record.headers, 'ce_sequence', problems) ?? '');
  if (sequence === undefined) note(problems, 'headers.ce_sequence', 'expected 16 digits');
  if (problems.length > 0 || !body || sequence === undefined) return { ok: false, problems };
  return { ok: true, value: { ...body, sequence } };
}

function readSettings(
  record: RawRecord,
  problems: Problem[],
): VoiceWarpSettings | BulkTransferDestinations | undefined {
  const read = readRecord<VoiceWarpSettings | BulkTransferDestinations>(record, SETTINGS);
  problems.push(...read.problems);
  return read.body;
}

function readTombstone({ headers, key }: RawRecord, problems: Problem[]): Forgotten | undefined {
  const type = textHeader(headers, 'ce_type', problems) ?? '';
  if (key === null) note(problems, 'key', 'expected the number or line number', 'missing');
  else if (isSettingsType(type)) return { kind: 'forgotten', type, key: key.toString() };
  else note(problems, 'headers.ce_type', `expected ${Object.keys(SETTINGS).join(' or ')}`);
  return undefined;
}

function isSettingsType(type: string): type is keyof typeof SETTINGS {
  return Object.hasOwn(SETTINGS, type);
}
