import {
  isAccessMail,
  type AccessMailEvent,
  type FaultEvent,
  type NotifyEvent,
  type RawRecord,
} from '#events';
import type { MailContent } from '#mail';
import {
  decide,
  wantsTransfer,
  type Decision,
  type KnownSettings,
  type LineSettings,
  type Recipient,
} from '#rules';
import { deadLetter } from './dead-letter.ts';
import type { Decoded } from './decode-batch.ts';
import { ledgerEvent, numberOf } from './outcome.ts';
import type { DeliveryDeps, Owed } from './deps.ts';
import type { DeadLetterReason, LedgerEvent, RecordBatch } from './ports.ts';
import { ACCESS_LADDER, NOTICE_LADDER } from './retry-policy.ts';

/** An event that goes by a number's or a line's settings. */
type Notice = Exclude<NotifyEvent, AccessMailEvent>;

/** An event that becomes no mail, and why. */
export interface Unwanted {
  readonly record: RawRecord;
  readonly event: NotifyEvent;
  readonly decision: Decision;
}

/** An event that must not become mail although it was decided: it goes to the dead letters. */
interface Refused {
  readonly dead: Exclude<DeadLetterReason, 'in-doubt'>;
  readonly problem: string;
}

/** A fault or recovery as the rules decided it; its line's history has the last word (R4). */
export interface DecidedFault {
  readonly record: RawRecord;
  readonly event: FaultEvent;
  readonly decision: Decision;
  /** Whether the line asks for a bulk transfer to be started or stopped (R3). */
  readonly transfer: boolean;
  readonly line: LineSettings;
}

/** What a batch comes to: mails owed, events that become none, and faults whose line has to be asked. */
export interface DecidedBatch {
  readonly unwanted: readonly Unwanted[];
  readonly owed: readonly Owed[];
  readonly faults: readonly DecidedFault[];
}

/** The rules for every event of a batch, with the settings of all numbers and lines read at once. */
export async function decideBatch(
  deps: DeliveryDeps,
  batch: RecordBatch,
  decoded: readonly Decoded[],
): Promise<DecidedBatch> {
  const settings = await readSettings(deps, decoded);
  const now = deps.now();
  const unwanted: Unwanted[] = [];
  const owed: Owed[] = [];
  const faults: DecidedFault[] = [];
  const refused: Promise<boolean>[] = [];
  for (const one of decoded) {
    const result = decideOne(deps, one, settings, now);
    if ('transfer' in result) faults.push(result);
    else if ('decision' in result) unwanted.push(result);
    else if ('decided' in result) owed.push(result);
    else refused.push(deadLetter(deps, batch, one.record, result.dead, result.problem));
  }
  await Promise.all(refused);
  return { unwanted, owed, faults };
}

/** The settings that some events are about, and the numbers and lines whose document cannot be read. */
interface ReadSettings {
  readonly known: KnownSettings;
  readonly broken: ReadonlySet<string>;
}

async function readSettings(deps: DeliveryDeps, decoded: readonly Decoded[]): Promise<ReadSettings> {
  const numbers = new Set<string>();
  const lines = new Set<string>();
  for (const { event } of decoded) {
    if (!isAccessMail(event)) documentsOf(event, numbers, lines);
  }
  const broken = new Set<string>();
  const [ofNumbers, ofLines] = await Promise.all([
    read([...numbers], broken, (asked) => deps.stores.settings.numbers(asked)),
    read([...lines], broken, (asked) => deps.stores.settings.lines(asked)),
  ]);
  return { known: { numbers: ofNumbers, lines: ofLines }, broken };
}

/** Adds the number or the line whose document a notice is decided by. */
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
  deps: DeliveryDeps,
  one: Decoded,
  { known, broken }: ReadSettings,
  now: number,
): Unwanted | DecidedFault | Owed | Refused {
  const { record, event, note } = one;
  if (broken.size > 0 && broken.has(numberOf(event))) {
    return { dead: 'internal-error', problem: 'the stored settings cannot be read' };
  }
  try {
    if (note) return owe(deps, one, note.event, known);
    const decision = decide(event, known, now, deps.installation.deadlinesOf);
    const line = 'faultId' in event ? known.lines.get(event.lineNumber) : undefined;
    if ('faultId' in event && line) {
      return { record, event, decision, line, transfer: wantsTransfer(event, line) };
    }
    if (decision.reason !== 'notify') return { record, event, decision };
    return owe(deps, one, ledgerEvent(event, decision), known);
  } catch (error) {
    deps.telemetry.log.error(
      { err: error, kind: event.kind },
      'An event met a bug and will be a dead letter',
    );
    return { dead: 'internal-error', problem: 'deciding failed' };
  }
}

function owe(
  deps: DeliveryDeps,
  { record, event, note }: Decoded,
  decided: LedgerEvent,
  known: KnownSettings,
): Owed | Refused {
  const contentFor = contentOf(deps, event, decided, known);
  if ('dead' in contentFor) return contentFor;
  return {
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
  deps: DeliveryDeps,
  event: NotifyEvent,
  decided: LedgerEvent,
  known: KnownSettings,
): Owed['contentFor'] | Refused {
  if (isAccessMail(event)) return accessContent(deps, event);
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

function accessContent(deps: DeliveryDeps, event: AccessMailEvent): Owed['contentFor'] | Refused {
  if (!deps.installation.knownBrand(event.brand)) {
    return { dead: 'malformed', problem: 'data.brand: expected the id of a brand of this installation' };
  }
  const opened = deps.installation.openSecret(event);
  if (!opened.ok) return { dead: 'seal-failed', problem: opened.problem };
  const content = opened.secret ? { event, secret: opened.secret } : { event };
  return () => content;
}

/** R4: who does not have the fault's mail is told both by the recovery's. */
export function faultContent(
  event: FaultEvent,
  { fault }: LedgerEvent,
  line: LineSettings | undefined,
): Owed['contentFor'] {
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

/** Names every kind of notice: a new one does not compile until it says whose boxes it goes by. */
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
