import { faultContent } from './decide-batch.ts';
import type { DeliveryDeps } from './deps.ts';
import { afterRecovery } from './fault-state/after-recovery.ts';
import type { EventName, FaultReport } from './fault-state/fault-state.ts';
import { isAnswered, ledgerEvent, outcomeOf } from './outcome.ts';
import { NOTICE_LADDER } from './retry-policy.ts';
import type { PendingDelivery, ReportedFault, Suppressed } from './verdict.ts';

type FaultDeps = Pick<DeliveryDeps, 'stores' | 'publishing' | 'telemetry'>;

/**
 * Decides a fault by its line's history (R4): asks the line's state, commands the switch (R3) and supersedes the
 * fault's waiting mails. Repeating it is harmless.
 */
export async function decideFault(
  deps: FaultDeps,
  fault: ReportedFault,
): Promise<PendingDelivery | Suppressed> {
  const { record, event, decision, line } = fault;
  const { stores, publishing, telemetry } = deps;
  const { decision: byHistory, commands } = await stores.faults.report(reportOf(fault));
  for (const command of commands)
    await publishing.commands.bulkTransfer(command, telemetry.traces.contextOf(record));
  const reached = byHistory.fault?.notice ? await supersede(deps, byHistory.fault.notice) : [];
  if (byHistory.reason !== 'notify') {
    const withoutMail = { ...decision, reason: byHistory.reason, recipients: [] };
    return { verdict: 'suppressed', record, event, decision: withoutMail };
  }
  // History repeats what it decided when the event first came; by now nobody may be left to notify.
  if (decision.reason !== 'notify' && !(await stores.ledger.find(event.source, event.id))) {
    return { verdict: 'suppressed', record, event, decision };
  }
  const fromFault = byHistory.fault ? { fault: { failedAt: byHistory.fault.failedAt, reached } } : {};
  const decided = { ...ledgerEvent(event, decision), ...fromFault };
  const addresses = new Set(line.faultNotice.recipients.map(({ address }) => address));
  return {
    verdict: 'to-notify',
    record,
    event,
    decided,
    contentFor: faultContent(event, decided, line),
    isStored: (address) => addresses.has(address),
    ladder: NOTICE_LADDER,
  };
}

function reportOf({ event, decision, transfer }: ReportedFault): FaultReport {
  const { kind, source, id, lineNumber, faultId, at } = event;
  // The rules have no other reason for a line that is known.
  const reason = decision.reason as FaultReport['reason'];
  return { kind, event: { source, id }, lineNumber, faultId, at, reason, transfer };
}

/**
 * Ends the fault's waiting mails, now or when they are claimed, and publishes their outcome. Resolves with the
 * addresses that have the fault's mail.
 */
async function supersede(
  { stores, publishing }: Pick<FaultDeps, 'stores' | 'publishing'>,
  { source, id }: EventName,
): Promise<readonly string[]> {
  const table = await stores.ledger.supersede(source, id);
  if (!table) return [];
  const { reached } = afterRecovery(table);
  const changed = table.rows.filter((row) => row.state === 'superseded' && !row.settled);
  if (changed.length > 0 && isAnswered(table)) {
    await publishing.outcomes.publish([outcomeOf(table)]);
    await stores.ledger.settle({ ...table, rows: changed });
  }
  return [...reached];
}
