import type { Problem } from '#events';
import {
  parseAddress,
  type BulkTransferSettings,
  type FaultNotice,
  type NumberSections,
  type Recipient,
} from '#rules';
import type { Line, Versioned } from './settings-repository.ts';

/** A part of settings that is read and written on its own. */
export type SettingsPart = Line | FaultNotice | BulkTransferSettings | NumberSections[keyof NumberSections];

/** A part of settings as it is stored now. */
export interface Stored<T> extends Versioned<T> {
  readonly ok: true;
  /** Why each legacy address would be refused today (C13): `recipients.0.address`. */
  readonly warnings: readonly Problem[];
}

/** A part of settings as a use case returns it, with the warnings of its addresses (C13). */
export function stored<T extends SettingsPart>({ value, version }: Versioned<T>): Stored<T> {
  const warnings = recipientsOf(value).flatMap(({ address }, index) =>
    addressProblems(address).map(({ code, message }) => ({
      path: `recipients.${index}.address`,
      code,
      message,
    })),
  );
  return { ok: true, value, version, warnings };
}

/** The recipients of a part of settings; none where it is not a notice. */
export function recipientsOf(value: SettingsPart): readonly Recipient[] {
  return 'recipients' in value ? value.recipients : [];
}

function addressProblems(address: string): readonly Pick<Problem, 'code' | 'message'>[] {
  const parsed = parseAddress(address);
  return (parsed.ok ? parsed.legacy : parsed.problems) ?? [];
}
