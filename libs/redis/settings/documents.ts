import { z } from 'zod';
import {
  EMPTY_FAULT_NOTICE,
  emptyNumberSettings,
  storedLineSettings,
  storedNumberSettings,
  storedReader,
  type FaultNotice,
  type LineSettings,
  type NumberSection,
  type NumberSettings,
} from '#rules';
import type { Line } from '#settings';
import { broken, masked, newVersion, parseJson } from '../stored-text.ts';

/** A number as stored: its settings, and the version of each section. */
export interface NumberDocument {
  readonly settings: NumberSettings;
  readonly versions: Readonly<Record<NumberSection, string>>;
  /** A new value where a write changes nothing else, so that another write in progress conflicts with it. */
  readonly touched?: string;
}

/**
 * A line as stored. `settings` is null until first fully written, and while it is being removed.
 * `change` names a write in progress, and every number whose document it may touch: a number's document that names
 * this line counts only if the line lists the number here or in its settings.
 */
export interface LineDocument {
  readonly settings: LineSettings | null;
  readonly versions: { readonly line: string; readonly faultNotice: string };
  readonly change?: { readonly id: string; readonly numbers: readonly string[] };
}

/** The version of a part that was stored before parts had versions. New versions are longer. */
const FIRST_VERSION = '0';

const version = z.string().default(FIRST_VERSION);

const storedNumber: z.ZodType<NumberDocument> = z.looseObject({
  settings: storedNumberSettings,
  versions: z.looseObject({ callNotice: version, faxNotice: version, screening: version }),
  touched: z.string().exactOptional(),
});

const storedLine: z.ZodType<LineDocument> = z.looseObject({
  settings: storedLineSettings.nullable(),
  versions: z.looseObject({ line: version, faultNotice: version }),
  change: z.looseObject({ id: z.string(), numbers: z.array(z.string()) }).exactOptional(),
});

const readNumber = storedReader(storedNumber);
const readLine = storedReader(storedLine);

/** A number without settings yet: everything off and empty. */
export function newNumber(
  number: string,
  { lineNumber, brand }: Pick<Line, 'lineNumber' | 'brand'>,
): NumberDocument {
  return {
    settings: emptyNumberSettings({ number, lineNumber, brand }),
    versions: { callNotice: newVersion(), faxNotice: newVersion(), screening: newVersion() },
  };
}

/** Every number whose document may name this line. */
export function numbersOf({ settings, change }: LineDocument): string[] {
  return [...new Set([...(settings?.numbers ?? []), ...(change?.numbers ?? [])])];
}

/** The fault notice of a line without one yet, with its first version. */
export function newFaultNotice(): { readonly value: FaultNotice; readonly version: string } {
  return { value: EMPTY_FAULT_NOTICE, version: newVersion() };
}

/** Reads a number's document, also one of an earlier version; throws `DOCUMENT_BROKEN`. */
export function parseNumber(text: string, number: string): NumberDocument {
  const what = `the document of number ${masked(number)}`;
  const document = readNumber(parseJson(text, what));
  if (document?.settings.number !== number) throw broken(what);
  return document;
}

/** Reads a line's document, also one of an earlier version; throws `DOCUMENT_BROKEN`. */
export function parseLine(text: string, lineNumber: string): LineDocument {
  const what = `the document of line ${masked(lineNumber)}`;
  const document = readLine(parseJson(text, what));
  if (!document || (document.settings && document.settings.lineNumber !== lineNumber)) throw broken(what);
  return document;
}
