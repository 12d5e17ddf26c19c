import {
  bulkTransferInput,
  faultNoticeInput,
  isContracted,
  lineInput,
  parseSubscriberNumber,
  readDocument,
  type BulkTransferSettings,
  type FaultNotice,
} from '#rules';
import { contractedPart, noticeRules, written, type Edit, type SettingsDeps } from './edit-section.ts';
import { stored, type Stored } from './notice-warnings.ts';
import {
  CONFLICT,
  invalid,
  notContracted,
  notFound,
  type Conflict,
  type Invalid,
  type NotContracted,
  type NotFound,
  type Taken,
} from './refusal.ts';
import type { Line, Precondition } from './settings-repository.ts';

/** Reads a line with its brand, contractor, numbers and contracted services. */
export async function readLine(
  { repository }: Pick<SettingsDeps, 'repository'>,
  lineNumberText: string,
): Promise<Stored<Line> | NotFound> {
  const lineNumber = parseSubscriberNumber(lineNumberText);
  const found = lineNumber.ok ? await repository.getLine(lineNumber.number) : undefined;
  return found ? stored(found) : notFound('line');
}

/**
 * Creates a line, or replaces it. `created` says whether it is new. Numbers that leave or join it begin with everything
 * off and empty. A line number that cannot be one is invalid here, not unknown: its error has the path `lineNumber`.
 */
export async function writeLine(
  { repository, brands }: SettingsDeps,
  lineNumberText: string,
  { document, condition }: Edit,
): Promise<(Stored<Line> & { readonly created: boolean }) | Invalid | Conflict | Taken> {
  const lineNumber = parseSubscriberNumber(lineNumberText);
  if (!lineNumber.ok)
    return invalid(lineNumber.problems.map(({ code, message }) => ({ path: 'lineNumber', code, message })));
  const read = readDocument(
    lineInput({ lineNumber: lineNumber.number, brands: [...brands.keys()] }),
    document,
  );
  if (!read.ok) return invalid(read.errors);
  const result = await repository.putLine(read.value, condition);
  switch (result.kind) {
    case 'written':
      return { ...stored({ value: read.value, version: result.version }), created: result.created };
    case 'stale':
      return CONFLICT;
    case 'taken':
      return {
        ok: false,
        kind: 'taken',
        path: pathOf(result.number, document),
        lineNumber: result.lineNumber,
      };
  }
}

/** Deletes a line and its numbers with all of their settings. */
export async function deleteLine(
  { repository }: Pick<SettingsDeps, 'repository'>,
  lineNumberText: string,
  condition?: Precondition,
): Promise<{ readonly ok: true } | NotFound | Conflict> {
  const lineNumber = parseSubscriberNumber(lineNumberText);
  if (!lineNumber.ok) return notFound('line');
  switch (await repository.deleteLine(lineNumber.number, condition)) {
    case 'deleted':
      return { ok: true };
    case 'unknown':
      return notFound('line');
    case 'stale':
      return CONFLICT;
  }
}

/** Reads the fault notice of a line (R1, R3), if it is contracted (A13). */
export async function readFaultNotice(
  { repository }: Pick<SettingsDeps, 'repository'>,
  lineNumberText: string,
): Promise<Stored<FaultNotice> | NotFound | NotContracted> {
  const lineNumber = parseSubscriberNumber(lineNumberText);
  const found = lineNumber.ok ? await repository.getFaultNotice(lineNumber.number) : undefined;
  return contractedPart(found, 'line', 'fault-notice');
}

/** Checks the fault notice of a line and writes it; returns what is stored then (R1, R3). */
export async function writeFaultNotice(
  { repository, brands }: SettingsDeps,
  lineNumberText: string,
  { document, condition }: Edit,
): Promise<Stored<FaultNotice> | NotFound | NotContracted | Invalid | Conflict> {
  const parsed = parseSubscriberNumber(lineNumberText);
  if (!parsed.ok) return notFound('line');
  const lineNumber = parsed.number;
  const [line, before] = await Promise.all([
    repository.getLine(lineNumber),
    repository.getFaultNotice(lineNumber),
  ]);
  if (!line || !before) return notFound('line');
  if (!isContracted(line.value, lineNumber, 'fault-notice')) return notContracted('fault-notice');
  const rules = noticeRules(brands, line.value.brand, before.value);
  const read = readDocument(faultNoticeInput(rules), document);
  if (!read.ok) return invalid(read.errors);
  const result = await repository.putFaultNotice(lineNumber, read.value, condition);
  return written(result, 'line');
}

/** Reads the bulk transfer of a line (V2), if it is contracted (A13). */
export async function readBulkTransfer(
  { repository }: Pick<SettingsDeps, 'repository'>,
  lineNumberText: string,
): Promise<Stored<BulkTransferSettings> | NotFound | NotContracted> {
  const lineNumber = parseSubscriberNumber(lineNumberText);
  const found = lineNumber.ok ? await repository.getBulkTransfer(lineNumber.number) : undefined;
  return contractedPart(found, 'line', 'bulk-transfer');
}

/**
 * Checks the bulk transfer of a line and writes it; returns what is stored then (V2). As an order it tells the switch to
 * start or stop even when that is chosen already (R3); otherwise only a change of `enabled` does.
 */
export async function writeBulkTransfer(
  { repository }: Pick<SettingsDeps, 'repository'>,
  lineNumberText: string,
  { document, condition, isOrder = false }: Edit & { readonly isOrder?: boolean },
): Promise<Stored<BulkTransferSettings> | NotFound | NotContracted | Invalid | Conflict> {
  const parsed = parseSubscriberNumber(lineNumberText);
  if (!parsed.ok) return notFound('line');
  const line = await repository.getLine(parsed.number);
  if (!line) return notFound('line');
  if (!isContracted(line.value, parsed.number, 'bulk-transfer')) return notContracted('bulk-transfer');
  const read = readDocument(bulkTransferInput(line.value.numbers), document);
  if (!read.ok) return invalid(read.errors);
  const result = await repository.putBulkTransfer(parsed.number, read.value, condition, { isOrder });
  return written(result, 'line');
}

/** The position of a number in the document of a line, which may have written it otherwise. */
function pathOf(number: string, document: unknown): string {
  const { numbers = [] } = document as { numbers?: string[] };
  const index = numbers.findIndex((text) => {
    const parsed = parseSubscriberNumber(text);
    return parsed.ok && parsed.number === number;
  });
  return index < 0 ? 'lineNumber' : `numbers.${index}`;
}
