import { z } from 'zod';
import { addProblem, parseSubscriberNumber, readDocument, type NumberSection } from '#rules';

/**
 * A line's document: `line` with brand, numbers, contractor and services, if it contains them, and `faultNotice` and
 * `bulkTransfer`, if it does. Not yet checked.
 */
export interface LineInFile {
  readonly at: number;
  readonly lineNumber: string;
  readonly line?: object;
  readonly faultNotice?: unknown;
  readonly bulkTransfer?: unknown;
}

/** A number's document with the sections it contains. Not yet checked. */
export interface NumberInFile {
  readonly at: number;
  readonly number: string;
  readonly lineNumber?: string;
  readonly sections: Readonly<Partial<Record<NumberSection, unknown>>>;
}

/** The documents of a file; `at` is the line of the file, from 1. */
export interface ImportFile {
  readonly lines: readonly LineInFile[];
  readonly numbers: readonly NumberInFile[];
  readonly problems: readonly ImportProblem[];
}

/** What is wrong with a line of a file, for the operator. */
export interface ImportProblem {
  readonly at: number;
  readonly problem: string;
}

const telephone = z.string().transform((text, context) => {
  const parsed = parseSubscriberNumber(text);
  if (parsed.ok) return parsed.number;
  const [problem] = parsed.problems;
  if (problem) addProblem(context, problem);
  return z.NEVER;
});

const lineDocument = z.strictObject({
  lineNumber: telephone,
  brand: z.unknown().optional(),
  numbers: z.unknown().optional(),
  contractor: z.unknown().optional(),
  services: z.unknown().optional(),
  faultNotice: z.unknown().optional(),
  bulkTransfer: z.unknown().optional(),
});

const numberDocument = z.strictObject({
  number: telephone,
  lineNumber: telephone.optional(),
  brand: z.unknown().optional(),
  callNotice: z.unknown().optional(),
  faxNotice: z.unknown().optional(),
  screening: z.unknown().optional(),
  voiceWarp: z.unknown().optional(),
});

type Read =
  | { readonly line: LineInFile }
  | { readonly number: NumberInFile }
  | { readonly problems: readonly string[] };

/**
 * Reads JSON lines, one settings document each: a line's `{ lineNumber, brand, numbers, contractor, services,
 * faultNotice, bulkTransfer }` or a number's `{ number, callNotice, faxNotice, screening, voiceWarp }`. Parts that a
 * document leaves out stay as they are stored; `services` is of the same part as `brand`.
 */
export function readImportFile(text: string): ImportFile {
  const lines = new Map<string, LineInFile>();
  const numbers = new Map<string, NumberInFile>();
  const problems: ImportProblem[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    const at = index + 1;
    if (row.trim() === '') continue;
    const read = readRow(row, at);
    if ('problems' in read) problems.push(...read.problems.map((problem) => ({ at, problem })));
    else if ('line' in read) addOnce(lines, read.line.lineNumber, read.line, problems);
    else addOnce(numbers, read.number.number, read.number, problems);
  }
  return { lines: [...lines.values()], numbers: [...numbers.values()], problems };
}

function addOnce<T extends { readonly at: number }>(
  documents: Map<string, T>,
  key: string,
  document: T,
  problems: ImportProblem[],
): void {
  const first = documents.get(key);
  if (first) problems.push({ at: document.at, problem: `${key} has a document in line ${first.at} already` });
  else documents.set(key, document);
}

function readRow(row: string, at: number): Read {
  const json = parseObject(row);
  if (!json) return { problems: ['expected a JSON object'] };
  return 'number' in json ? readNumber(json, at) : readLine(json, at);
}

function readLine(json: object, at: number): Read {
  const read = readDocument(lineDocument, json);
  if (!read.ok) return { problems: read.errors.map(({ path, message }) => `${path}: ${message}`) };
  const { lineNumber, faultNotice, bulkTransfer, ...line } = read.value;
  const isNamed = Object.keys(line).length > 0;
  if (!isNamed && faultNotice === undefined && bulkTransfer === undefined) {
    return { problems: ['expected brand, numbers and contractor, or faultNotice, or bulkTransfer'] };
  }
  return {
    line: {
      at,
      lineNumber,
      ...(isNamed ? { line } : {}),
      ...(faultNotice === undefined ? {} : { faultNotice }),
      ...(bulkTransfer === undefined ? {} : { bulkTransfer }),
    },
  };
}

function readNumber(json: object, at: number): Read {
  const read = readDocument(numberDocument, json);
  if (!read.ok) return { problems: read.errors.map(({ path, message }) => `${path}: ${message}`) };
  const { number, lineNumber, brand: _brand, ...sections } = read.value;
  const said = Object.entries(sections).filter(([, value]) => value !== undefined);
  if (said.length === 0) return { problems: ['expected callNotice, faxNotice, screening or voiceWarp'] };
  return {
    number: {
      at,
      number,
      ...(lineNumber === undefined ? {} : { lineNumber }),
      sections: Object.fromEntries(said),
    },
  };
}

function parseObject(row: string): object | undefined {
  try {
    const json: unknown = JSON.parse(row);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
