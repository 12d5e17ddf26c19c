import pMap from 'p-map';
import type { z } from 'zod';
import {
  bulkTransferInput,
  faultNoticeInput,
  hasService,
  limitsOfBrand,
  lineInput,
  readDocument,
  SECTION_INPUTS,
  SECTION_SERVICES,
  type BulkTransferSettings,
  type FaultNotice,
  type NumberSection,
  type NumberSections,
  type Service,
} from '#rules';
import type { BrandLimits } from '../edit-section.ts';
import type { Line, SettingsRepository } from '../settings-repository.ts';
import type { ImportFile, ImportProblem, LineInFile, NumberInFile } from './import-file.ts';

/** The result of checking a file: the writes in their order, or all that is wrong with it. */
export interface CheckedImport {
  readonly lines: readonly Line[];
  readonly faultNotices: readonly { readonly lineNumber: string; readonly notice: FaultNotice }[];
  readonly bulkTransfers: readonly {
    readonly lineNumber: string;
    readonly transfer: BulkTransferSettings;
  }[];
  readonly numbers: readonly { readonly number: string; readonly sections: Partial<NumberSections> }[];
  /** In the order of the file. */
  readonly problems: readonly ImportProblem[];
}

type Known = Pick<SettingsRepository, 'getLine' | 'getNumber'>;

/** Reads are short; this many at once keep Redis busy without a queue. */
const AT_ONCE = 100;

/** Checks a whole file by the rules of an edit, but addresses of earlier years may come in (C13). */
export async function checkImport(
  file: ImportFile,
  { repository: known, brands }: { readonly repository: Known; readonly brands: BrandLimits },
): Promise<CheckedImport> {
  const problems: ImportProblem[] = [...file.problems];
  const lines = file.lines.flatMap(({ at, lineNumber, line }) => {
    if (!line) return [];
    const read = checked(lineInput({ lineNumber, brands: [...brands.keys()] }), line, at, '', problems);
    return read ? [{ at, ...read }] : [];
  });
  const homes = homesOf(lines, problems);
  await pMap(lines, (line) => refuseTaken(line, known, problems), { concurrency: AT_ONCE });
  const check = {
    known,
    brands,
    problems,
    lines: new Map(lines.map((line) => [line.lineNumber, line])),
    homes,
  };
  const parts = await pMap(file.lines, (one) => checkParts(one, check), { concurrency: AT_ONCE });
  const numbers = await pMap(file.numbers, (one) => checkNumber(one, check), { concurrency: AT_ONCE });
  return {
    lines: lines.map(({ at: _at, ...line }) => line),
    faultNotices: parts.flatMap(({ lineNumber, notice }) => (notice ? [{ lineNumber, notice }] : [])),
    bulkTransfers: parts.flatMap(({ lineNumber, transfer }) => (transfer ? [{ lineNumber, transfer }] : [])),
    numbers: numbers.filter((one) => one !== undefined),
    problems: problems.toSorted((one, other) => one.at - other.at),
  };
}

type PlacedLine = Line & { readonly at: number };

interface Check {
  readonly known: Known;
  readonly brands: BrandLimits;
  readonly problems: ImportProblem[];
  /** The file's lines by line number, and by each of their numbers. */
  readonly lines: ReadonlyMap<string, PlacedLine>;
  readonly homes: ReadonlyMap<string, PlacedLine>;
}

/** Which line of the file each number belongs to: one. */
function homesOf(lines: readonly PlacedLine[], problems: ImportProblem[]): Map<string, PlacedLine> {
  const homes = new Map<string, PlacedLine>();
  for (const line of lines) {
    for (const number of line.numbers) {
      const other = homes.get(number);
      if (other)
        problems.push({ at: line.at, problem: `numbers: ${number} is listed in line ${other.at} too` });
      else homes.set(number, line);
    }
  }
  return homes;
}

/** A number that belongs to another line now is not taken from it. */
async function refuseTaken(line: PlacedLine, known: Known, problems: ImportProblem[]): Promise<void> {
  for (const number of line.numbers) {
    const owner = (await known.getNumber(number))?.lineNumber;
    if (owner === undefined || owner === line.lineNumber) continue;
    problems.push({ at: line.at, problem: `numbers: ${number} belongs to line ${owner}` });
  }
}

/** What a line's document has besides the line. */
interface LineParts {
  readonly lineNumber: string;
  readonly notice?: FaultNotice | undefined;
  readonly transfer?: BulkTransferSettings | undefined;
}

async function checkParts(
  { at, lineNumber, faultNotice, bulkTransfer }: LineInFile,
  { known, brands, problems, lines }: Check,
): Promise<LineParts> {
  if (faultNotice === undefined && bulkTransfer === undefined) return { lineNumber };
  const line = lines.get(lineNumber) ?? (await known.getLine(lineNumber))?.value;
  if (!line) {
    problems.push({ at, problem: `lineNumber: ${lineNumber} is not known, here or in Redis` });
    return { lineNumber };
  }
  const rules = { limits: limitsOfBrand(brands.get(line.brand)?.limits), isStored: () => true };
  const place = { at, services: line.services?.[lineNumber], problems };
  return {
    lineNumber,
    notice: checkedPart(faultNoticeInput(rules), faultNotice, 'faultNotice', 'fault-notice', place),
    transfer: checkedPart(
      bulkTransferInput(line.numbers),
      bulkTransfer,
      'bulkTransfer',
      'bulk-transfer',
      place,
    ),
  };
}

async function checkNumber(
  { at, number, lineNumber, sections }: NumberInFile,
  { known, brands, problems, homes }: Check,
): Promise<CheckedImport['numbers'][number] | undefined> {
  const inFile = homes.get(number);
  const stored = inFile ? undefined : await known.getNumber(number);
  const home = inFile ?? stored;
  if (!home) {
    problems.push({ at, problem: `number: no line has ${number}, here or in Redis` });
    return undefined;
  }
  if (lineNumber !== undefined && lineNumber !== home.lineNumber)
    problems.push({ at, problem: `lineNumber: ${number} belongs to line ${home.lineNumber}` });
  const rules = { limits: limitsOfBrand(brands.get(home.brand)?.limits), isStored: () => true, number };
  const services = inFile ? inFile.services?.[number] : stored?.services;
  const read = Object.entries(sections).map(([name, value]) => {
    const section = name as NumberSection;
    const schema: z.ZodType<unknown> = SECTION_INPUTS[section](rules);
    return [name, checkedPart(schema, value, name, SECTION_SERVICES[section], { at, services, problems })];
  });
  return { number, sections: Object.fromEntries(read) as Partial<NumberSections> };
}

/** Where a part stands in the file, and what is contracted for the number that it is set for. */
interface Place {
  readonly at: number;
  readonly services: readonly Service[] | undefined;
  readonly problems: ImportProblem[];
}

/** A part by its rules; `undefined` where the document has none, or where something is wrong. */
function checkedPart<T>(
  schema: z.ZodType<T>,
  value: unknown,
  name: string,
  service: Service | undefined,
  { at, services, problems }: Place,
): T | undefined {
  if (value === undefined) return undefined;
  if (!service || hasService(services, service)) return checked(schema, value, at, name, problems);
  problems.push({ at, problem: `${name}: ${service} is not contracted` });
  return undefined;
}

function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  at: number,
  under: string,
  problems: ImportProblem[],
): T | undefined {
  const read = readDocument(schema, value);
  if (read.ok) return read.value;
  for (const { path, message } of read.errors) {
    const where = [under, path].filter(Boolean).join('.');
    problems.push({ at, problem: where ? `${where}: ${message}` : message });
  }
  return undefined;
}
