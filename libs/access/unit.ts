import type { ContractedServices } from '#rules';

/** The authentication units (A1): who may log in, and what that login may set. */
export const UNITS = ['line', 'number', 'administrator-user'] as const;
export type Unit = (typeof UNITS)[number];

/** A line whose unit was never chosen is one of these. */
const FIRST_UNIT: Unit = 'line';

/** What is known of a line: its brand, its numbers with the line number among them. */
export interface Line {
  readonly lineNumber: string;
  readonly brand: string;
  readonly numbers: readonly string[];
  /** The contracted services (A13); absent: all of the brand's. */
  readonly services?: ContractedServices;
}

/** The unit that holds for a line. `null`: never chosen. */
export function unitOf(chosen: Unit | null): Unit {
  return chosen ?? FIRST_UNIT;
}

/** Whether somebody may log in with a number of the line (A1). */
export function mayLogIn(line: Line, unit: Unit, number: string): boolean {
  return unit === 'line' ? number === line.lineNumber : line.numbers.includes(number);
}

/**
 * The numbers that a login may set (A1), the line number first; none for a number that may not log in. Whatever
 * changes a number's settings asks here.
 */
export function settableNumbers(line: Line, unit: Unit, login: string): readonly string[] {
  if (!mayLogIn(line, unit, login)) return [];
  if (unit === 'number' || login !== line.lineNumber) return [login];
  return [line.lineNumber, ...line.numbers.filter((number) => number !== line.lineNumber)];
}
