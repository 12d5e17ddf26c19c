import pMap from 'p-map';
import type { z } from 'zod';
import {
  faultNoticeInput,
  limitsOfBrand,
  lineInput,
  readDocument,
  SECTION_INPUTS,
  type FaultNotice,
  type NumberSection,
  type NumberSections,
} from '#rules';
import type { BrandLimits } from '../edit-section.ts';
import type { Line, SettingsRepository } from '../settings-repository.ts';
import type { ImportFile, ImportProblem, LineInFile, NumberInFile } from './import-file.ts';

/** The result of checking a file: the writes in their order, or all that is wrong with it. */
export interface CheckedImport {
  readonly lines: readonly Line[];
  readonly faultNotices: readonly { readonly lineNumber: string; readonly notice: FaultNotice }[];
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
  const faultNotices = await pMap(file.lines, (one) => checkFaultNotice(one, check), {
    concurrency: AT_ONCE,
  });
  const numbers = await pMap(file.numbers, (one) => checkNumber(one, check), { concurrency: AT_ONCE });
  return {
    lines: lines.map(({ at: _at, ...line }) => line),
    faultNotices: faultNotices.filter((one) => one !== undefined),
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

async function checkFaultNotice(
  { at, lineNumber, faultNotice }: LineInFile,
  { known, brands, problems, lines }: Check,
): Promise<CheckedImport['faultNotices'][number] | undefined> {
  if (faultNotice === undefined) return undefined;
  const line = lines.get(lineNumber) ?? (await known.getLine(lineNumber))?.value;
  if (!line) {
    problems.push({ at, problem: `lineNumber: ${lineNumber} is not known, here or in Redis` });
    return undefined;
  }
  const rules = { limits: limitsOfBrand(brands.get(line.brand)?.limits), isStored: () => true };
  const notice = checked(faultNoticeInput(rules), faultNotice, at, 'faultNotice', problems);
  return notice && { lineNumber, notice };
}

async function checkNumber(
  { at, number, lineNumber, sections }: NumberInFile,
  { known, brands, problems, homes }: Check,
): Promise<CheckedImport['numbers'][number] | undefined> {
  const home = homes.get(number) ?? (await known.getNumber(number));
  if (!home) {
    problems.push({ at, problem: `number: no line has ${number}, here or in Redis` });
    return undefined;
  }
  if (lineNumber !== undefined && lineNumber !== home.lineNumber)
    problems.push({ at, problem: `lineNumber: ${number} belongs to line ${home.lineNumber}` });
  const rules = { limits: limitsOfBrand(brands.get(home.brand)?.limits), isStored: () => true };
  const read = Object.entries(sections).map(([section, value]) => [
    section,
    checked<unknown>(SECTION_INPUTS[section as NumberSection](rules), value, at, section, problems),
  ]);
  return { number, sections: Object.fromEntries(read) as Partial<NumberSections> };
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
