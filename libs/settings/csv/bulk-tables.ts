import { createBulkTable, type BulkTable } from '#csv';
import { EMPTY_BULK_TRANSFER, type BulkTransferSettings } from '#rules';
import { writeBulkTransfer } from '../edit-line.ts';
import type { SettingsDeps } from '../edit-section.ts';
import type { Line, Versioned } from '../settings-repository.ts';
import { bulkTransferSheet, withDestinations } from './bulk-transfer-sheet.ts';
import { callNoticeSheet } from './call-notice-sheet.ts';

/** The call notices of these numbers of a line as a table (C14). Rejects when Redis is away. */
export function callNoticeTable(
  { repository, brands }: SettingsDeps,
  { brand }: Pick<Line, 'brand'>,
  numbers: readonly string[],
): BulkTable {
  return createBulkTable({
    sheet: async () => callNoticeSheet(brands, brand, await repository.getCallNotices(numbers)),
    write: (changes, { versionOf }) =>
      repository.putCallNotices(
        changes.map(({ key, value }) => ({ number: key, value, version: versionOf(key) })),
      ),
  });
}

/** The destinations of these numbers in their line's bulk transfer as a table (V2). Rejects when Redis is away. */
export function bulkTransferTable(
  deps: SettingsDeps,
  line: Pick<Line, 'lineNumber' | 'numbers'>,
  numbers: readonly string[],
): BulkTable {
  const { lineNumber } = line;
  const read = async (): Promise<Versioned<BulkTransferSettings>> =>
    (await deps.repository.getBulkTransfer(lineNumber)) ?? NO_LINE;
  return createBulkTable({
    sheet: async () => bulkTransferSheet(line, numbers, await read()),
    write: async (changes, { versionOf }) => {
      const document = withDestinations((await read()).value, changes);
      // By the version that the changes are of: where what was read just now is another one, nothing is written.
      const condition = { ifMatch: [versionOf('')] };
      const written = await writeBulkTransfer(deps, lineNumber, { document, condition });
      return written.ok ? 'written' : 'stale';
    },
  });
}

/** What a line that is gone by now has; no write is of this version. */
const NO_LINE: Versioned<BulkTransferSettings> = { value: EMPTY_BULK_TRANSFER, version: '' };
