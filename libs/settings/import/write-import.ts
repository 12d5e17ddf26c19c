import pMap from 'p-map';
import type { NumberSection, NumberSections } from '#rules';
import type { LineWriteResult, SettingsRepository, WriteResult } from '../settings-repository.ts';
import type { CheckedImport } from './check-import.ts';

/** Writes wait for the disk together, so more at once are faster. */
const AT_ONCE = 500;

/** Somebody changed settings between the check of an import and its end. Repeating the import completes it. */
export class ImportDisturbed extends Error {
  override readonly name = 'ImportDisturbed';
  readonly code = 'IMPORT_DISTURBED';
  readonly retryable = true;

  constructor(what: string, why: string) {
    super(`${what}: ${why}; somebody changed it meanwhile. Some of the file is written: repeat it`);
  }
}

/** Writes an import that `checkImport` accepted: lines first, then their numbers. Rejects with `ImportDisturbed`. */
export async function writeImport(repository: SettingsRepository, checked: CheckedImport): Promise<void> {
  const concurrency = AT_ONCE;
  await pMap(checked.lines, async (line) => expectWritten(await repository.putLine(line), line.lineNumber), {
    concurrency,
  });
  await pMap(
    checked.faultNotices,
    async ({ lineNumber, notice }) =>
      expectWritten(await repository.putFaultNotice(lineNumber, notice), lineNumber),
    { concurrency },
  );
  await pMap(
    checked.bulkTransfers,
    async ({ lineNumber, transfer }) =>
      expectWritten(await repository.putBulkTransfer(lineNumber, transfer), lineNumber),
    { concurrency },
  );
  await pMap(checked.numbers, (one) => writeNumber(repository, one), { concurrency });
}

/** One section after another, because they share the number's document. */
async function writeNumber(
  repository: SettingsRepository,
  { number, sections }: CheckedImport['numbers'][number],
): Promise<void> {
  for (const [section, value] of Object.entries(sections)) {
    const written = await repository.putSection(
      number,
      section as NumberSection,
      value as NumberSections[NumberSection],
    );
    expectWritten(written, number);
  }
}

function expectWritten(result: WriteResult<unknown> | LineWriteResult, what: string): void {
  if (result.kind === 'written') return;
  const why = result.kind === 'taken' ? `${result.number} belongs to line ${result.lineNumber}` : result.kind;
  throw new ImportDisturbed(what, why);
}
