export { createBulkTable, type BulkTable } from './bulk-table.ts';
export type { CellProblem } from './cell-problem.ts';
export type { Comparison, RowChange, Sheet } from './compare-table.ts';
export { decodeText } from './decode-text.ts';
