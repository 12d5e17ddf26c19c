import pMap from 'p-map';
import type { RawRecord } from '#events';
import type { DecidedFault, Unwanted } from './decide-batch.ts';
import { faultContent } from './decide-batch.ts';
import { afterRecovery } from './fault-state/after-recovery.ts';
import type { EventName, FaultReport } from './fault-state/fault-state.ts';
import { isAnswered, ledgerEvent, outcomeOf } from './outcome.ts';
import type { DeliveryDeps, Owed } from './deps.ts';
import { NOTICE_LADDER } from './retry-policy.ts';

/** Lines whose faults are worked at once. */
const LINES_AT_ONCE = 64;

/** What is done with a fault once its line's history has spoken. */
export interface FaultWays {
  /** Resolves with whether the record is settled. */
  readonly send: (owed: Owed) => Promise<boolean>;
  readonly tell: (unwanted: Unwanted) => Promise<void>;
  /** What to do about an error: resolves with whether the record is settled, rejects with Kafka away. */
  readonly failed: (record: RawRecord, error: unknown) => Promise<boolean>;
  /** False when no more may be started: the rest stays where it is. */
  readonly mayStart: () => boolean;
}

/** Faults and recoveries in the order of each line, because a recovery ends what its fault began (R4). */
export async function deliverFaults(
  deps: DeliveryDeps,
  faults: readonly DecidedFault[],
  ways: FaultWays,
): Promise<void> {
  const lines = Map.groupBy(faults, ({ event }) => event.lineNumber);
  await pMap(
    lines.values(),
    async (ofLine) => {
      for (const one of ofLine) {
        // What comes behind an unsettled record waits for it: its recovery must not be told before the fault.
        if (!ways.mayStart()) return;
        const settled = await deliverFault(deps, one, ways).catch((error: unknown) =>
          ways.failed(one.record, error),
        );
        if (!settled) return;
      }
    },
    { concurrency: LINES_AT_ONCE, stopOnError: false },
  );
}

/** Asks the line's state, commands the switch (R3), supersedes the fault's waiting mails (R4), and mails. */
async function deliverFault(deps: DeliveryDeps, one: DecidedFault, ways: FaultWays): Promise<boolean> {
  const { record, event, decision, line } = one;
  const { verdict, commands } = await deps.stores.faults.report(reportOf(one));
  for (const command of commands) await deps.publishing.commands.bulkTransfer(command);
  const reached = verdict.fault?.notice ? await supersede(deps, verdict.fault.notice) : [];
  if (verdict.reason !== 'notify') {
    await ways.tell({ record, event, decision: { ...decision, reason: verdict.reason, recipients: [] } });
    return true;
  }
  // It was decided to notify when it came before; by now nobody may be left to be told.
  if (decision.reason !== 'notify' && !(await deps.stores.ledger.find(event.source, event.id))) {
    await ways.tell({ record, event, decision });
    return true;
  }
  const fault = verdict.fault ? { fault: { failedAt: verdict.fault.failedAt, reached } } : {};
  const decided = { ...ledgerEvent(event, decision), ...fault };
  const addresses = new Set(line.faultNotice.recipients.map(({ address }) => address));
  return ways.send({
    record,
    event,
    decided,
    contentFor: faultContent(event, decided, line),
    isStored: (address) => addresses.has(address),
    ladder: NOTICE_LADDER,
  });
}

function reportOf({ event, decision, transfer }: DecidedFault): FaultReport {
  const { kind, source, id, lineNumber, faultId, at } = event;
  // The rules have no other reason for a line that is known.
  const reason = decision.reason as FaultReport['reason'];
  return { kind, event: { source, id }, lineNumber, faultId, at, reason, transfer };
}

/** Ends what waits of the fault's notice, or is claimed only later, tells its outcome, and says who has its mail. */
async function supersede(deps: DeliveryDeps, { source, id }: EventName): Promise<readonly string[]> {
  const table = await deps.stores.ledger.supersede(source, id);
  if (!table) return [];
  const { reached } = afterRecovery(table);
  const changed = table.rows.filter((row) => row.state === 'superseded' && !row.settled);
  if (changed.length > 0 && isAnswered(table)) {
    await deps.publishing.outcomes.publish([outcomeOf(table)]);
    await deps.stores.ledger.settle({ ...table, rows: changed });
  }
  return [...reached];
}
