import { isAccessMail, type AccessMailEvent, type FaultEvent, type NotifyEvent } from '#events';
import type { MailContent } from '#mail';
import { decide, wantsTransfer, type KnownSettings, type LineSettings, type Recipient } from '#rules';
import type { Installation } from './deps.ts';
import { ledgerEvent, numberOf } from './outcome.ts';
import type { LedgerEvent, SettingsStore } from './ports.ts';
import { ACCESS_LADDER, NOTICE_LADDER } from './retry-policy.ts';
import type { Dead, Decoded, PendingDelivery, ReportedFault, Suppressed } from './verdict.ts';

/** An event that is decided by a number's or a line's settings. */
type Notice = Exclude<NotifyEvent, AccessMailEvent>;
/** The content of the mail to an address. */
type ContentFor = PendingDelivery['contentFor'];
/** Why an event that was decided must not become mail. */
type Refusal = Pick<Dead, 'reason' | 'problem'>;

/** The verdicts on a batch: those that need no mail, deliveries, and faults that their line's history decides. */
export interface DecidedBatch {
  readonly finished: readonly (Suppressed | Dead)[];
  readonly pending: readonly PendingDelivery[];
  readonly faults: readonly ReportedFault[];
}

/** The rules for every event of a batch. Pure: settings and time come in as values. */
export function decideBatch(
  decoded: readonly (Decoded | Dead)[],
  settings: ReadSettings,
  now: number,
  installation: Installation,
): DecidedBatch {
  const finished: (Suppressed | Dead)[] = [];
  const pending: PendingDelivery[] = [];
  const faults: ReportedFault[] = [];
  for (const one of decoded) {
    const verdict = one.verdict === 'dead' ? one : decideOne(one, settings, now, installation);
    switch (verdict.verdict) {
      case 'fault':
        faults.push(verdict);
        break;
      case 'to-notify':
        pending.push(verdict);
        break;
      case 'suppressed':
      case 'dead':
        finished.push(verdict);
    }
  }
  return { finished, pending, faults };
}

/** The settings that some events are about, and the numbers and lines whose document cannot be read. */
export interface ReadSettings {
  readonly known: KnownSettings;
  readonly broken: ReadonlySet<string>;
}

/** Reads the settings of all numbers and lines of a batch at once. Rejects when Redis is unavailable. */
export async function readSettings(
  store: SettingsStore,
  decoded: readonly (Decoded | Dead)[],
): Promise<ReadSettings> {
  const numbers = new Set<string>();
  const lines = new Set<string>();
  for (const one of decoded) {
    if (one.verdict === 'decoded' && !isAccessMail(one.event)) documentsOf(one.event, numbers, lines);
  }
  const broken = new Set<string>();
  const [ofNumbers, ofLines] = await Promise.all([
    read([...numbers], broken, (asked) => store.numbers(asked)),
    read([...lines], broken, (asked) => store.lines(asked)),
  ]);
  return { known: { numbers: ofNumbers, lines: ofLines }, broken };
}

/** Adds the number or line of the document that decides a notice. */
function documentsOf(event: Notice, numbers: Set<string>, lines: Set<string>): void {
  switch (event.kind) {
    case 'call':
    case 'fax':
      return void numbers.add(event.calledNumber);
    case 'fault':
    case 'recovery':
      return void lines.add(event.lineNumber);
    default:
      event satisfies never;
  }
}

async function read<T>(
  keys: readonly string[],
  broken: Set<string>,
  ask: (keys: readonly string[]) => Promise<(T | Error | undefined)[]>,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  if (keys.length === 0) return found;
  const values = await ask(keys);
  for (const [index, key] of keys.entries()) {
    const value = values[index];
    if (value instanceof Error) broken.add(key);
    else if (value !== undefined) found.set(key, value);
  }
  return found;
}

function decideOne(
  one: Decoded,
  { known, broken }: ReadSettings,
  now: number,
  installation: Installation,
): Suppressed | ReportedFault | PendingDelivery | Dead {
  const { record, event, note } = one;
  if (broken.size > 0 && broken.has(numberOf(event))) {
    const problem = 'the stored settings cannot be read';
    return { verdict: 'dead', record, reason: 'internal-error', problem };
  }
  try {
    if (note) return pendingDelivery(one, note.event, known, installation);
    const decision = decide(event, known, now, installation.deadlinesOf);
    const line = 'faultId' in event ? known.lines.get(event.lineNumber) : undefined;
    if ('faultId' in event && line) {
      return { verdict: 'fault', record, event, decision, line, transfer: wantsTransfer(event, line) };
    }
    if (decision.reason !== 'notify') return { verdict: 'suppressed', record, event, decision };
    return pendingDelivery(one, ledgerEvent(event, decision), known, installation);
  } catch (error) {
    return { verdict: 'dead', record, reason: 'internal-error', problem: 'deciding failed', bug: error };
  }
}

function pendingDelivery(
  { record, event, note }: Decoded,
  decided: LedgerEvent,
  known: KnownSettings,
  installation: Installation,
): PendingDelivery | Dead {
  const contentFor = contentOf(installation, event, decided, known);
  if (typeof contentFor !== 'function') return { verdict: 'dead', record, ...contentFor };
  return {
    verdict: 'to-notify',
    record,
    event,
    decided,
    contentFor,
    isStored: storedIn(event, known),
    ladder: isAccessMail(event) ? ACCESS_LADDER : NOTICE_LADDER,
    ...(note ? { retry: { address: note.address, attempts: note.attempts, answered: note.answered } } : {}),
  };
}

function contentOf(
  installation: Installation,
  event: NotifyEvent,
  decided: LedgerEvent,
  known: KnownSettings,
): ContentFor | Refusal {
  if (isAccessMail(event)) return accessContent(installation, event);
  switch (event.kind) {
    case 'call':
      return () => ({ event });
    case 'fax':
      return () => ({ event });
    case 'fault':
    case 'recovery':
      return faultContent(event, decided, known.lines.get(event.lineNumber));
  }
}

function accessContent(installation: Installation, event: AccessMailEvent): ContentFor | Refusal {
  if (!installation.knownBrand(event.brand)) {
    return { reason: 'malformed', problem: 'data.brand: expected the id of a brand of this installation' };
  }
  const opened = installation.openSecret(event);
  if (!opened.ok) return { reason: 'seal-failed', problem: opened.problem };
  const content = opened.secret ? { event, secret: opened.secret } : { event };
  return () => content;
}

/** R4: the recovery's mail reports the fault too to those who did not get the fault's mail. */
export function faultContent(
  event: FaultEvent,
  { fault }: LedgerEvent,
  line: LineSettings | undefined,
): ContentFor {
  const { contractorName = '', location = '' } = line?.faultNotice ?? {};
  const alone: MailContent = { event, contractorName, location };
  if (!fault) return () => alone;
  const both: MailContent = { event, contractorName, location, tellsFaultAt: fault.failedAt };
  return (address) => (fault.reached.includes(address) ? alone : both);
}

/** An access mail goes to the address that it was issued for; a notice only to addresses that are still stored. */
function storedIn(event: NotifyEvent, known: KnownSettings): (address: string) => boolean {
  if (isAccessMail(event)) return () => true;
  const boxes = storedRecipients(event, known);
  return (address) => boxes.some((box) => box.address === address);
}

/** Switches over every kind of notice: a new one does not compile until it names its recipients. */
function storedRecipients(event: Notice, known: KnownSettings): readonly Recipient[] {
  switch (event.kind) {
    case 'call':
      return known.numbers.get(event.calledNumber)?.callNotice.recipients ?? [];
    case 'fax':
      return known.numbers.get(event.calledNumber)?.faxNotice.recipients ?? [];
    case 'fault':
    case 'recovery':
      return known.lines.get(event.lineNumber)?.faultNotice.recipients ?? [];
  }
}
