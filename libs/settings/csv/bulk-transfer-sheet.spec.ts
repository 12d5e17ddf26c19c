import { LINE, NUMBER, settingsFor } from '../testing/settings-for-test.ts';
import { bulkTransferTable } from './bulk-tables.ts';

const line = { lineNumber: LINE, numbers: [LINE, NUMBER] };

describe('A1 V2 destinations of a part of a line', () => {
  it('are set beside those of the other numbers, which are not in the table', async () => {
    const deps = await settingsFor();
    const others = { [NUMBER]: '0698765432' };
    await deps.repository.putBulkTransfer(LINE, { enabled: false, destinations: others });
    const table = bulkTransferTable(deps, line, [LINE]);
    expect(await table.download()).not.toContain(NUMBER);
    const text = `電話番号,転送先電話番号\n${LINE},09012345678`;
    const { problems, seen } = await table.preview(text);
    expect(problems).toEqual([]);
    expect(await table.set(text, seen)).toEqual({ kind: 'set', count: 1 });
    expect((await deps.repository.getBulkTransfer(LINE))?.value.destinations).toEqual({
      ...others,
      [LINE]: '09012345678',
    });
  });

  it('are none of the line’s other numbers', async () => {
    const table = bulkTransferTable(await settingsFor(), line, [LINE]);
    expect((await table.preview(`電話番号,転送先電話番号\n${LINE},${NUMBER}`)).problems).toEqual([
      { line: 2, column: '転送先電話番号', code: 'own-line' },
    ]);
    expect((await table.preview(`電話番号,転送先電話番号\n${NUMBER},09012345678`)).problems).toEqual([
      { line: 2, column: '電話番号', code: 'number-unknown' },
    ]);
  });
});
