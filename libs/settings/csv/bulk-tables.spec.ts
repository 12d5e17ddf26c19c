import fc from 'fast-check';
import { decodeText, type CellProblem } from '#csv';
import { EMPTY_CALL_NOTICE, parseAddress, type CallNotice } from '#rules';
import { savedBySpreadsheet } from '../../csv/testing/spreadsheet.ts';
import { someAddress, someCaller, someNumber } from '../../rules/testing/valid-values.ts';
import type { SettingsDeps } from '../edit-section.ts';
import { brands, legacy, LINE, NUMBER, settingsFor } from '../testing/settings-for-test.ts';
import { bulkTransferTable, callNoticeTable } from './bulk-tables.ts';

const NUMBERS = [LINE, NUMBER];
const line = { lineNumber: LINE, brand: 'ntt-east', numbers: NUMBERS };
const calls = (deps: SettingsDeps, brand = 'ntt-east') => callNoticeTable(deps, { brand }, NUMBERS);
const transfer = (deps: SettingsDeps) => bulkTransferTable(deps, line, NUMBERS);
const shown = ({ line: at = 0, column = '', code }: CellProblem): string => `${at} ${column} ${code}`;

/** The problems of a download in which some cells are written anew. */
async function problemsWith(
  table: ReturnType<typeof calls>,
  ...cells: [row: number, column: string, text: string][]
): Promise<string[]> {
  const { problems } = await table.preview(await editedWith(table, ...cells));
  return problems.map(shown);
}

async function editedWith(
  table: ReturnType<typeof calls>,
  ...cells: [row: number, column: string, text: string][]
): Promise<string> {
  const rows = (await table.download()).split('\r\n').map((row) => row.replaceAll('"', '').split(','));
  const [header = []] = rows;
  header[0] = '電話番号';
  for (const [row, column, text] of cells) rows[row]![header.indexOf(column)] = text;
  return rows.map((row) => row.join(',')).join('\r\n');
}

const put = async (
  { repository }: SettingsDeps,
  number: string,
  value: Partial<CallNotice>,
): Promise<void> => {
  await repository.putSection(number, 'callNotice', { ...EMPTY_CALL_NOTICE, ...value });
};
const noticeOf = async ({ repository }: SettingsDeps, number: string): Promise<CallNotice | undefined> =>
  (await repository.getSection(number, 'callNotice'))?.value;
const at = (address: string): CallNotice['recipients'][number] => ({ address, enabled: true });

const someNotice: fc.Arbitrary<CallNotice> = fc
  .record({
    enabled: fc.boolean(),
    targetCallersOnly: fc.boolean(),
    unansweredOnly: fc.boolean(),
    recipients: fc.uniqueArray(fc.record({ address: someAddress, enabled: fc.boolean() }), {
      maxLength: 5,
      selector: ({ address }) => address.toLowerCase(),
    }),
    targetCallers: fc.uniqueArray(fc.record({ number: someCaller, enabled: fc.boolean() }), {
      maxLength: 30,
      selector: ({ number }) => number,
    }),
  })
  .map((notice) => ({ ...notice, enabled: notice.enabled && notice.recipients.length > 0 }));

describe('C14 call notices as a table', () => {
  it.each([
    ['as it was', (csv: string) => Buffer.from(csv)],
    ['saved by a spreadsheet', savedBySpreadsheet],
  ])('come back the same from a file %s, whatever the rules allow', async (_, saved) => {
    await fc.assert(
      fc.asyncProperty(someNotice, someNotice, async (one, other) => {
        const from = await settingsFor();
        await put(from, LINE, one);
        await put(from, NUMBER, other);
        const text = decodeText(saved(await calls(from).download())) ?? '';
        const to = await settingsFor();
        const { problems, seen } = await calls(to).preview(text);
        expect(problems).toEqual([]);
        expect((await calls(to).set(text, seen)).kind).toBe('set');
        expect([await noticeOf(to, LINE), await noticeOf(to, NUMBER)]).toEqual([one, other]);
        expect((await calls(to).preview(text)).changes).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('change nothing where a file is as it was downloaded, also what is not accepted anew', async () => {
    const deps = await settingsFor({ brand: 'small' });
    await put(deps, LINE, { enabled: true, recipients: [at(legacy), at('b@example.jp')] });
    const text = decodeText(Buffer.from(await calls(deps, 'small').download())) ?? '';
    const { problems, changes } = await calls(deps, 'small').preview(text);
    expect([problems, changes]).toEqual([[], []]);
  });

  it('leave a number without a row as it is', async () => {
    const deps = await settingsFor();
    await put(deps, NUMBER, { unansweredOnly: true });
    const rows = (await editedWith(calls(deps), [1, '対象のみ', '1'])).split('\r\n');
    const { changes } = await calls(deps).preview(rows.slice(0, 2).join('\n'));
    expect(changes.map(({ key, line: row, differences }) => [key, row, differences])).toEqual([
      [LINE, 2, [{ column: '対象のみ', before: '0', after: '1' }]],
    ]);
  });

  it('C2 C4 keep as many as a row has where a limit has become smaller', async () => {
    const deps = await settingsFor({ brand: 'small' });
    const table = calls(deps, 'small');
    const recipients = [at('a@example.jp'), at('b@example.jp')];
    const targetCallers = ['0311111111', '0322222222'].map((number) => ({ number, enabled: true }));
    await put(deps, LINE, { recipients });
    await put(deps, NUMBER, { targetCallers });
    expect(await problemsWith(table, [1, '開始', '1'], [2, '未応答のみ', '1'])).toEqual([]);
    expect(
      await problemsWith(
        table,
        ...[1, 2].flatMap((entry): [number, string, string][] => [
          [2, `アドレス${entry}`, `${entry}@example.jp`],
          [2, `送信${entry}`, '1'],
        ]),
      ),
    ).toEqual(['3 アドレス1 too-many']);
  });

  it('keep an address of earlier years where it is, and take none', async () => {
    const deps = await settingsFor();
    expect(parseAddress(legacy)).toMatchObject({ ok: true });
    await put(deps, LINE, { recipients: [at(legacy)] });
    expect(await problemsWith(calls(deps), [1, '対象のみ', '1'])).toEqual([]);
    expect(await problemsWith(calls(deps), [2, 'アドレス1', legacy], [2, '送信1', '1'])).toEqual([
      '3 アドレス1 local-two-dots',
    ]);
  });

  it('say what is wrong by line and column', async () => {
    const deps = await settingsFor();
    const problems = await problemsWith(
      calls(deps),
      [1, '開始', '2'],
      [1, 'アドレス2', 'a@example'],
      [1, '送信2', 'x'],
      [1, '送信4', '1'],
      [1, '対象3', '123'],
      [1, '指定3', '1'],
      [2, '開始', '1'],
    );
    expect(problems.toSorted()).toEqual(
      [
        '2 開始 csv-switch',
        '2 アドレス2 domain-no-dot',
        '2 送信2 csv-switch',
        '2 アドレス4 required',
        '2 対象3 number-start',
        '3 アドレス1 recipient-required',
      ].toSorted(),
    );
  });

  it('say which of two callers is the same as another, its lost 0 put back', async () => {
    const callers = ['09012345678', '9012345678'].flatMap((text, index): [number, string, string][] => [
      [1, `対象${index + 2}`, text],
      [1, `指定${index + 2}`, '1'],
    ]);
    expect(await problemsWith(calls(await settingsFor()), ...callers)).toEqual(['2 対象3 duplicate']);
  });

  it('take full-width switches, and the lost 0 of a number', async () => {
    const deps = await settingsFor();
    const text = await editedWith(calls(deps), [1, '対象のみ', '１'], [1, '電話番号', '312345678']);
    expect((await calls(deps).preview(text)).changes.map(({ key }) => key)).toEqual([LINE]);
  });

  it.each([
    ['0312345699', 'number-unknown'],
    ['0455555555', 'number-unknown'],
    ['abc', 'number-character'],
    ['', 'number-empty'],
    [NUMBER, 'csv-row-twice'],
  ])('refuse a row of %j: %s', async (text, code) => {
    const deps = await settingsFor();
    const [row] = code === 'csv-row-twice' ? [1] : [2];
    const problems = await problemsWith(calls(deps), [row, '電話番号', text], [row, '対象のみ', '1']);
    expect(problems).toEqual([`${code === 'csv-row-twice' ? 3 : row + 1} 電話番号 ${code}`]);
  });

  it('are set as the preview has seen them, or not at all', async () => {
    const deps = await settingsFor();
    const text = await editedWith(calls(deps), [1, '対象のみ', '1'], [2, '対象のみ', '1']);
    const { seen } = await calls(deps).preview(text);
    await put(deps, NUMBER, { unansweredOnly: true });
    const refused = await calls(deps).set(text, seen);
    expect(refused).toMatchObject({ kind: 'refused', comparison: { problems: [] } });
    expect((await noticeOf(deps, LINE))?.targetCallersOnly).toBe(false);
    const anew = refused.kind === 'refused' ? refused.comparison.seen : '';
    expect(await calls(deps).set(text, anew)).toEqual({ kind: 'set', count: 2 });
    expect(await noticeOf(deps, NUMBER)).toMatchObject({ targetCallersOnly: true, unansweredOnly: false });
  });

  it('are set not at all when one changes at the last moment', async () => {
    const deps = await settingsFor();
    const text = await editedWith(calls(deps), [1, '対象のみ', '1'], [2, '対象のみ', '1']);
    const { seen } = await calls(deps).preview(text);
    const repository = new Proxy(deps.repository, {
      get: (target, name) =>
        name === 'putCallNotices'
          ? async (...args: Parameters<typeof target.putCallNotices>) => {
              await put(deps, NUMBER, { unansweredOnly: true });
              return target.putCallNotices(...args);
            }
          : (Reflect.get(target, name) as () => unknown).bind(target),
    });
    const refused = await calls({ ...deps, repository }).set(text, seen);
    expect(refused.kind === 'refused' && refused.comparison.changes).toHaveLength(2);
    expect((await noticeOf(deps, LINE))?.targetCallersOnly).toBe(false);
  });
});

describe('V2 destinations as a table', () => {
  it.each([
    ['as it was', (csv: string) => Buffer.from(csv)],
    ['saved by a spreadsheet', savedBySpreadsheet],
  ])('come back the same from a file %s', async (_, saved) => {
    const other = someNumber.filter((number) => !NUMBERS.includes(number));
    await fc.assert(
      fc.asyncProperty(fc.option(other), fc.option(other), async (one, two) => {
        const destinations = { ...(one !== null && { [LINE]: one }), ...(two !== null && { [NUMBER]: two }) };
        const [from, to] = [await settingsFor(), await settingsFor()];
        await from.repository.putBulkTransfer(LINE, { enabled: false, destinations });
        const text = decodeText(saved(await transfer(from).download())) ?? '';
        await to.repository.putBulkTransfer(LINE, { enabled: false, destinations: { [LINE]: '0699999999' } });
        const { problems, seen } = await transfer(to).preview(text);
        expect(problems).toEqual([]);
        expect((await transfer(to).set(text, seen)).kind).toBe('set');
        expect((await to.repository.getBulkTransfer(LINE))?.value).toEqual({ enabled: false, destinations });
      }),
    );
  });

  it.each([
    [NUMBER, '2 転送先電話番号 own-line'],
    ['123', '2 転送先電話番号 number-start'],
    ['+14155550100', '2 転送先電話番号 number-start'],
  ])('are refused: %s', async (text, problem) => {
    const deps = await settingsFor();
    expect(await problemsWith(transfer(deps), [1, '転送先電話番号', text])).toEqual([problem]);
  });

  it('are not all taken away from a transfer that is on', async () => {
    const deps = await settingsFor();
    await deps.repository.putBulkTransfer(LINE, { enabled: true, destinations: { [LINE]: '0699999999' } });
    expect(await problemsWith(transfer(deps), [1, '転送先電話番号', ''])).toEqual([
      '0 転送先電話番号 destination-required',
    ]);
  });

  it('are set on the version that was seen alone', async () => {
    const deps = await settingsFor();
    const text = await editedWith(transfer(deps), [1, '転送先電話番号', '06-9999-9999']);
    const { seen } = await transfer(deps).preview(text);
    await deps.repository.putBulkTransfer(LINE, { enabled: false, destinations: { [NUMBER]: '0688888888' } });
    const refused = await transfer(deps).set(text, seen);
    expect(refused.kind).toBe('refused');
    expect((await deps.repository.getBulkTransfer(LINE))?.value.destinations).toEqual({
      [NUMBER]: '0688888888',
    });
  });
});

it('C14 a brand of one recipient has one column for it', async () => {
  const deps = { ...(await settingsFor({ brand: 'small' })), brands };
  expect(await calls(deps, 'small').download()).toContain('"アドレス1","送信1","対象1"');
});
