import { randomBytes } from 'node:crypto';
import type { CallNotice, FaultNotice, FaxNotice, LineSettings, NumberSettings, Screening } from '#rules';
import { RedisError } from '../redis-error.ts';
import type { Line, NumberSection } from './settings-repository.ts';

/** A number as it is kept: its settings, and the version of each section. */
export interface NumberDocument {
  readonly settings: NumberSettings;
  readonly versions: Readonly<Record<NumberSection, string>>;
  /** Differs from the text before where a write only has to outdo another that is under way. */
  readonly touched?: string;
}

/**
 * A line as it is kept. `settings` is null before it was first written whole and while it is being removed.
 * `change` names a write that is under way, and every number whose document it may touch: a number's document that names
 * this line counts only if the line lists the number here or in its settings.
 */
export interface LineDocument {
  readonly settings: LineSettings | null;
  readonly versions: { readonly line: string; readonly faultNotice: string };
  readonly change?: { readonly id: string; readonly numbers: readonly string[] };
}

/** A version that never comes back, so that a repeated value is not mistaken for the one read before. */
export function newVersion(): string {
  return randomBytes(9).toString('base64url');
}

const NO_CALL_NOTICE: CallNotice = {
  enabled: false,
  targetCallersOnly: false,
  unansweredOnly: false,
  recipients: [],
  targetCallers: [],
};
const NO_FAX_NOTICE: FaxNotice = { enabled: false, recipients: [] };
const NO_SCREENING: Screening = { nuisanceCallers: [], numberRequest: false };
const NO_FAULT_NOTICE: FaultNotice = {
  enabled: false,
  recipients: [],
  contractorName: '',
  location: '',
  autoStartTransfer: false,
  autoStopTransfer: false,
};

/** A number nobody has set anything for: everything off and empty. */
export function newNumber(number: string, line: Pick<Line, 'lineNumber' | 'brand'>): NumberDocument {
  return {
    settings: {
      number,
      lineNumber: line.lineNumber,
      brand: line.brand,
      callNotice: NO_CALL_NOTICE,
      faxNotice: NO_FAX_NOTICE,
      screening: NO_SCREENING,
    },
    versions: { callNotice: newVersion(), faxNotice: newVersion(), screening: newVersion() },
  };
}

/** Every number whose document may name this line. */
export function numbersOf({ settings, change }: LineDocument): string[] {
  return [...new Set([...(settings?.numbers ?? []), ...(change?.numbers ?? [])])];
}

/** The fault notice of a line nobody has set one for, with its first version. */
export function newFaultNotice(): { readonly value: FaultNotice; readonly version: string } {
  return { value: NO_FAULT_NOTICE, version: newVersion() };
}

/** Reads a number's document; throws `DOCUMENT_BROKEN`. */
export function parseNumber(text: string, number: string): NumberDocument {
  const document = parse(text, `the document of number ${masked(number)}`) as Partial<NumberDocument>;
  if (document.settings?.number !== number || !document.versions)
    throw broken(`the document of number ${masked(number)}`);
  return document as NumberDocument;
}

/** Reads a line's document; throws `DOCUMENT_BROKEN`. */
export function parseLine(text: string, lineNumber: string): LineDocument {
  const what = `the document of line ${masked(lineNumber)}`;
  const document = parse(text, what) as Partial<LineDocument>;
  const isWhole = document.settings === null || document.settings?.lineNumber === lineNumber;
  if (!isWhole || !document.versions) throw broken(what);
  return document as LineDocument;
}

function parse(text: string, what: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw broken(what, error);
  }
  throw broken(what);
}

function broken(what: string, cause?: unknown): RedisError {
  return new RedisError(
    'DOCUMENT_BROKEN',
    `${what} cannot be read: expected the JSON that this program writes`,
    cause,
  );
}

/** Enough to find it, too little to ring it: errors end in logs. */
function masked(number: string): string {
  return `…${number.slice(-4)}`;
}
