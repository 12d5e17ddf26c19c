import type { RowChange, Sheet } from '#csv';
import {
  bulkTransferInput,
  numberAmong,
  parseSubscriberNumber,
  readDocument,
  withLostZero,
  type BulkTransferSettings,
} from '#rules';
import type { Line, Versioned } from '../settings-repository.ts';

/** The header of the destinations. */
const DESTINATION = '転送先電話番号';

/**
 * The destinations of some of a line's numbers as a table (V2): what they are is checked by the whole line. A row's value
 * is its destination, empty for none.
 */
export function bulkTransferSheet(
  line: Pick<Line, 'numbers'>,
  numbers: readonly string[],
  { value: stored, version }: Versioned<BulkTransferSettings>,
): Sheet<string> {
  const input = bulkTransferInput(line.numbers);
  return {
    columns: ['電話番号', DESTINATION],
    rows: new Map(numbers.map((number) => [number, [number, stored.destinations[number] ?? '']])),
    keyOf: numberAmong(numbers),
    versionOf: () => version,
    checkAll: (changes) => {
      const read = readDocument(input, withDestinations(stored, changes));
      return read.ok ? [] : read.errors.map(({ code }) => ({ column: DESTINATION, code }));
    },
    read: (number, cell) => {
      const text = cell(DESTINATION);
      if (text.trim() === '') return { value: '', cells: [number, ''] };
      const destination = withLostZero(text.trim(), parseSubscriberNumber);
      const read = readDocument(input, { enabled: false, destinations: { [number]: destination } });
      if (!read.ok) return { problems: read.errors.map(({ code }) => ({ column: DESTINATION, code })) };
      const value = read.value.destinations[number] ?? '';
      return { value, cells: [number, value] };
    },
  };
}

/** A bulk transfer with other destinations for the numbers of these rows. */
export function withDestinations(
  { enabled, destinations }: BulkTransferSettings,
  changes: readonly RowChange<string>[],
): BulkTransferSettings {
  const after = { ...destinations, ...Object.fromEntries(changes.map(({ key, value }) => [key, value])) };
  return {
    enabled,
    destinations: Object.fromEntries(Object.entries(after).filter(([, destination]) => destination !== '')),
  };
}
