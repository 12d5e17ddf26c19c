import {
  isAccessMail,
  type AccessMailEvent,
  type CallEvent,
  type FaultEvent,
  type FaxEvent,
  type NotifyEvent,
} from '#events';
import type { DeadlinesOf } from './deadlines.ts';
import type { Decision, Reason } from './decision.ts';
import type { LineSettings } from './line-settings.ts';
import type { NumberSettings } from './number-settings.ts';
import type { Recipient } from './recipients.ts';
import { hasService, isContracted } from './services.ts';

/** The settings of the numbers and lines that some events are about; one that is missing is not known. */
export interface KnownSettings {
  readonly numbers: ReadonlyMap<string, NumberSettings>;
  readonly lines: ReadonlyMap<string, LineSettings>;
}

const NOBODY: readonly string[] = Object.freeze([]);

/**
 * Whether an event becomes mail, to whom, and until when (C1–C9, C15, F1, R1, A13, O1). `now` in epoch milliseconds;
 * numbers are compared as they are, because decoding and the settings' input both normalise them. Never throws.
 * What only a fault's history shows (R4: repeats, stale news) is decided after this, by the line's fault state.
 */
export function decide(
  event: NotifyEvent,
  known: KnownSettings,
  now: number,
  deadlinesOf: DeadlinesOf,
): Decision {
  if (isAccessMail(event)) return decideAccess(event, now, deadlinesOf);
  switch (event.kind) {
    case 'call':
      return decideCall(event, known.numbers.get(event.calledNumber), now, deadlinesOf);
    case 'fax':
      return decideFax(event, known.numbers.get(event.calledNumber), now, deadlinesOf);
    case 'fault':
    case 'recovery':
      return decideFault(event, known.lines.get(event.lineNumber), now, deadlinesOf);
  }
}

/** `decide` for a call, with the called number's settings. */
export function decideCall(
  event: CallEvent,
  settings: NumberSettings | undefined,
  now: number,
  deadlinesOf: DeadlinesOf,
): Decision {
  const deadline = event.at + deadlinesOf(settings?.brand).call;
  if (now >= deadline) return suppressed('too-late', deadline, settings);
  if (settings?.lineNumber !== event.lineNumber) return suppressed('unknown-number', deadline);
  const reason = whySuppressed(event, settings);
  if (reason) return suppressed(reason, deadline, settings);
  return addressed(settings.callNotice.recipients, deadline, settings.brand);
}

/** `decide` for a FAX, with the called number's settings. Screening applies to calls only. */
export function decideFax(
  event: FaxEvent,
  settings: NumberSettings | undefined,
  now: number,
  deadlinesOf: DeadlinesOf,
): Decision {
  const deadline = event.at + deadlinesOf(settings?.brand).fax;
  if (now >= deadline) return suppressed('too-late', deadline, settings);
  if (settings?.lineNumber !== event.lineNumber) return suppressed('unknown-number', deadline);
  if (!settings.faxNotice.enabled || !hasService(settings.services, 'fax-notice'))
    return suppressed('service-off', deadline, settings);
  return addressed(settings.faxNotice.recipients, deadline, settings.brand);
}

/** `decide` for a fault or a recovery, with the line's settings and without its history. */
export function decideFault(
  event: FaultEvent,
  settings: LineSettings | undefined,
  now: number,
  deadlinesOf: DeadlinesOf,
): Decision {
  const deadline = event.at + deadlinesOf(settings?.brand).fault;
  if (now >= deadline) return suppressed('too-late', deadline, settings);
  if (!settings) return suppressed('unknown-number', deadline);
  if (!watchesFaults(settings)) return suppressed('service-off', deadline, settings);
  return addressed(settings.faultNotice.recipients, deadline, settings.brand);
}

/**
 * `decide` for an access mail: the event names its recipient, so the only reason not to send is that it has expired.
 */
export function decideAccess(event: AccessMailEvent, now: number, deadlinesOf: DeadlinesOf): Decision {
  const deadline = event.expiresAt ?? event.at + deadlinesOf(event.brand).access;
  if (now >= deadline) return suppressed('too-late', deadline, event);
  return { reason: 'notify', recipients: [event.recipient], deadline, brand: event.brand };
}

/**
 * Whether the line asks for the bulk transfer to be started by a fault, or stopped by a recovery (R3). A transfer that is
 * not contracted (A13) is neither.
 */
export function wantsTransfer(event: FaultEvent, settings: LineSettings | undefined): boolean {
  if (!settings || !watchesFaults(settings)) return false;
  if (!isContracted(settings, settings.lineNumber, 'bulk-transfer')) return false;
  return event.kind === 'fault'
    ? settings.faultNotice.autoStartTransfer
    : settings.faultNotice.autoStopTransfer;
}

/** Whether the fault notice of a line is contracted and started. */
function watchesFaults(settings: LineSettings): boolean {
  return settings.faultNotice.enabled && isContracted(settings, settings.lineNumber, 'fault-notice');
}

function whySuppressed(event: CallEvent, settings: NumberSettings): Reason | undefined {
  const { caller, outcome, refusedBy, forwarding } = event;
  const { callNotice, screening } = settings;
  if (!callNotice.enabled || !hasService(settings.services, 'call-notice')) return 'service-off';
  const shown = 'number' in caller ? caller.number : undefined;
  const byChoice = 'withheld' in caller && caller.withheld === 'P';
  if (refusedBy === 'number-request' || (byChoice && screening.numberRequest))
    return 'refused-number-request';
  if (refusedBy === 'nuisance-list') return 'nuisance-caller';
  if (shown !== undefined && screening.nuisanceCallers.includes(shown)) return 'nuisance-caller';
  if (forwarding !== undefined) return 'forward-failed';
  // C5: whoever was forwarded was not answered by the subscriber, so only `answered` counts.
  if (callNotice.unansweredOnly && outcome === 'answered') return 'answered';
  if (!callNotice.targetCallersOnly) return undefined;
  if (shown === undefined) return 'withheld-not-target';
  return isTarget(callNotice.targetCallers, shown) ? undefined : 'not-target';
}

function isTarget(targets: NumberSettings['callNotice']['targetCallers'], caller: string): boolean {
  for (const target of targets) if (target.enabled && target.number === caller) return true;
  return false;
}

function addressed(boxes: readonly Recipient[], deadline: number, brand: string): Decision {
  const recipients: string[] = [];
  for (const box of boxes) if (box.enabled) recipients.push(box.address);
  if (recipients.length === 0) return { reason: 'no-recipient', recipients: NOBODY, deadline, brand };
  return { reason: 'notify', recipients, deadline, brand };
}

function suppressed(reason: Reason, deadline: number, of?: { readonly brand: string }): Decision {
  return { reason, recipients: NOBODY, deadline, brand: of?.brand ?? null };
}
