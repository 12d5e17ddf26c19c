import type {
  BulkTransferSettings,
  CallNotice,
  FaultNotice,
  LineSettings,
  NumberSection,
  NumberSections,
  NumberSettings,
  Service,
} from '#rules';
import type { SwitchPlace } from './switch/switch-state.ts';

/**
 * A value with its version: an opaque string that never comes back once the value has changed (the ETag without
 * quotes).
 */
export interface Versioned<T> {
  readonly value: T;
  readonly version: string;
}

/** A part of settings, with what is contracted for the number that it is set for (A13); absent: everything. */
export interface StoredPart<T> extends Versioned<T> {
  readonly services?: readonly Service[];
}

/**
 * A line with its brand, contractor, numbers and contracted services; `numbers` holds the line number whether the writer
 * named it or not.
 */
export type Line = Pick<LineSettings, 'lineNumber' | 'brand' | 'contractor' | 'numbers' | 'services'>;

/** The versions that a write may replace; each list may be `['*']`, for any that exists. Absent: no condition. */
export interface Precondition {
  /** Only on one of these. */
  readonly ifMatch?: readonly string[];
  /** On none of these. */
  readonly ifNoneMatch?: readonly string[];
}

/** Whether a precondition holds for the version that is there now (undefined: nothing is). */
export function isMet(condition: Precondition | undefined, version: string | undefined): boolean {
  const { ifMatch, ifNoneMatch } = condition ?? {};
  return (!ifMatch || isAmong(ifMatch, version)) && !(ifNoneMatch && isAmong(ifNoneMatch, version));
}

function isAmong(versions: readonly string[], version: string | undefined): boolean {
  return version !== undefined && (versions.includes('*') || versions.includes(version));
}

/** A successful write. `created` says whether there was nothing before. */
interface WriteDone {
  readonly kind: 'written';
  readonly version: string;
  readonly created: boolean;
}

/** The precondition does not hold; nothing was changed. */
interface WriteStale {
  readonly kind: 'stale';
}

/** Result of writing a part of settings, with what is stored then. `unknown`: no such line or number. */
export type WriteResult<T> = (WriteDone & Versioned<T>) | WriteStale | { readonly kind: 'unknown' };

/** Result of writing a line. `taken`: one of the numbers belongs to another line; nothing was changed. */
export type LineWriteResult =
  WriteDone | WriteStale | { readonly kind: 'taken'; readonly number: string; readonly lineNumber: string };

/** A call notice to be written in the place of one version of it. */
export interface CallNoticeWrite {
  readonly number: string;
  readonly value: CallNotice;
  readonly version: string;
}

/**
 * Reads and writes the subscribers' settings. A write is on disk when it is answered. Values are stored as they are:
 * checking and normalising them is the caller's. A call that fails half-way is completed by repeating it, and never
 * leaves a number that sends mail for a line it does not belong to. Every method rejects when the store fails, with an
 * error whose `retryable` says whether retrying can help.
 */
export interface SettingsRepository {
  getLine(lineNumber: string): Promise<Versioned<Line> | undefined>;
  /** The line that a number is of, for who knows only that; `undefined` when it is nobody's, or not yet or no longer. */
  findLine(number: string): Promise<Line | undefined>;
  /**
   * Creates or replaces a line; numbers that leave it or come to it begin with everything off and empty, and a
   * destination of its bulk transfer goes with its number. What is not contracted any more stays as it is, but that the
   * forwarding of a number or of the line is off, and so when it is contracted again (`offUnlessContracted`).
   */
  putLine(line: Line, condition?: Precondition): Promise<LineWriteResult>;
  /** Deletes a line with all of its numbers. */
  deleteLine(lineNumber: string, condition?: Precondition): Promise<'deleted' | 'unknown' | 'stale'>;
  /** All of a number: its line, its brand, its sections. */
  getNumber(number: string): Promise<NumberSettings | undefined>;
  getSection<S extends NumberSection>(
    number: string,
    section: S,
  ): Promise<StoredPart<NumberSections[S]> | undefined>;
  putSection<S extends NumberSection>(
    number: string,
    section: S,
    value: NumberSections[S],
    condition?: Precondition,
  ): Promise<WriteResult<NumberSections[S]>>;
  /** Whether the switch has been told all that is saved there (V5). */
  isTold(place: SwitchPlace): Promise<boolean>;
  /** The call notices of these numbers; of one that is nobody's there is none. */
  getCallNotices(numbers: readonly string[]): Promise<ReadonlyMap<string, Versioned<CallNotice>>>;
  /**
   * Writes the call notices of several numbers, all or none: `stale` when one of them has another version by now, or its
   * number is nobody's. A call that fails half-way is finished or undone by `settleEdits`, or by whoever writes one of
   * these call notices next.
   */
  putCallNotices(writes: readonly CallNoticeWrite[]): Promise<'written' | 'stale'>;
  /** Finishes what `putCallNotices` has begun and decided, and undoes what it left undecided a minute ago. */
  settleEdits(): Promise<void>;
  getFaultNotice(lineNumber: string): Promise<StoredPart<FaultNotice> | undefined>;
  putFaultNotice(
    lineNumber: string,
    value: FaultNotice,
    condition?: Precondition,
  ): Promise<WriteResult<FaultNotice>>;
  getBulkTransfer(lineNumber: string): Promise<StoredPart<BulkTransferSettings> | undefined>;
  /**
   * Of the destinations, those of the line's numbers of now to other numbers are kept (`withinLine`). An order tells the
   * switch to start or stop also when `enabled` is what it was (R3).
   */
  putBulkTransfer(
    lineNumber: string,
    value: BulkTransferSettings,
    condition?: Precondition,
    how?: { readonly isOrder?: boolean },
  ): Promise<WriteResult<BulkTransferSettings>>;
}
