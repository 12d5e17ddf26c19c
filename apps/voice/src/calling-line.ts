import type { CallingLine, LineDirectory, Unit } from '#access';
import type { Brands } from '#mail';
import { parseCallerNumber } from '#rules';

/** Where a caller's line is looked up. */
export interface CallingLines {
  readonly lines: LineDirectory;
  /** The authentication unit of a line; null when none was ever chosen. */
  readonly unitOf: (lineNumber: string) => Promise<Unit | null>;
  readonly brands: Brands;
}

/**
 * Finds the line that a call comes from. `caller` is as the media server got it; undefined for a withheld or unknown
 * number, and where the brand has no access number (A2). Rejects when the store fails.
 */
export async function findCallingLine(
  { lines, unitOf, brands }: CallingLines,
  caller: string,
): Promise<CallingLine | undefined> {
  // A form's blank before a number is a plus sign that was not escaped.
  const read = parseCallerNumber(caller.replace(/^ /, '+'));
  if (!read.ok) return undefined;
  const line = await lines.findLine(read.number);
  if (line === undefined || brands.get(line.brand)?.accessNumber === undefined) return undefined;
  return { ...line, caller: read.number, unit: await unitOf(line.lineNumber) };
}
