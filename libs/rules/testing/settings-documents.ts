import type { readDocument } from '../read-document.ts';
import type { NoticeInputRules, Recipient } from '../recipients.ts';
import { DEFAULT_SETTINGS_LIMITS } from '../settings-limits.ts';

/** The usual limits, with nothing stored before. */
export const rules: NoticeInputRules = { limits: DEFAULT_SETTINGS_LIMITS, isStored: () => false };

/** A recipient, its box ticked unless said otherwise. */
export const box = (address: string, enabled = true): Recipient => ({ address, enabled });

/** As many different recipients. */
export const boxes = (count: number): Recipient[] =>
  Array.from({ length: count }, (_, i) => box(`a${i}@example.jp`));

/** As many different callers. */
export const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(9_012_345_000 + i).padStart(11, '0'));

/** `path: code` of every error. */
export function errorsOf(read: ReturnType<typeof readDocument>): string[] {
  return read.ok ? [] : read.errors.map(({ path, code }) => `${path}: ${code}`);
}
