/**
 * What `Ledger.dataStarted` rejects with: the claim is somebody else's by now, or a recovery's mail has told it (R4), so
 * nothing may be sent.
 */
export class LedgerClaimLost extends Error {
  override readonly name = 'LedgerClaimLost';
  readonly code = 'LEDGER_CLAIM_LOST';
  readonly retryable = false;

  constructor() {
    super('The claim on this recipient was lost before its message began');
  }
}
