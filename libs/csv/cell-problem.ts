/** What is wrong in a table, and where. */
export interface CellProblem {
  /** The line, from 1; the header is line 1. Absent where no line is to blame. */
  readonly line?: number;
  /** The header of the column. Absent where no single cell is to blame. */
  readonly column?: string;
  readonly code: string;
}
