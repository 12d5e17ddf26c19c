import type { Reason } from '#rules';
import type { LedgerRow, LedgerTable, RecipientState } from '../ports.ts';

/** The effect of a recovery on its fault's notice. */
export interface AfterRecovery {
  /** The addresses that have the fault's mail, and get the recovery alone; everybody else's mail reports both. */
  readonly reached: ReadonlySet<string>;
  /** The fault's reason from now on. */
  readonly reason: Reason;
}

/** States in which the fault's mail certainly did not arrive. */
const NEVER_HAD: ReadonlySet<LedgerRow['state']> = new Set<RecipientState>([
  'bounced',
  'expired',
  'superseded',
  'withdrawn',
]);

/**
 * R4: reads the fault's table as `Ledger.supersede` left it. A recipient whose mail may still arrive (its message has
 * begun, or it is in doubt) gets both: reading 故障 twice does less harm than 回復 without it.
 */
export function afterRecovery({ event, rows }: LedgerTable): AfterRecovery {
  const reached = new Set<string>();
  for (const row of rows) if (row.state === 'accepted') reached.add(row.address);
  const nobodyHadIt =
    rows.some(({ state }) => state === 'superseded') && rows.every(({ state }) => NEVER_HAD.has(state));
  return { reached, reason: nobodyHadIt ? 'recovered-before-notice' : event.reason };
}
