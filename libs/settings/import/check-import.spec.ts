import type { NumberSettings } from '#rules';
import type { Line, SettingsRepository } from '../settings-repository.ts';
import { checkImport, type CheckedImport } from './check-import.ts';
import { brands } from '../testing/settings-for-test.ts';
import { readImportFile } from './import-file.ts';

const LINE = '0312345678';
const OTHER = '0698765432';
const line = { lineNumber: LINE, brand: 'ntt-east', numbers: ['03-1234-5679'], contractor: '山田商店' };
const faxNotice = { enabled: true, recipients: [{ address: 'a@example.jp', enabled: true }] };

/** What Redis holds: the line of `OTHER`, which has one number more. */
const known: Pick<SettingsRepository, 'getLine' | 'getNumber'> = {
  getLine: async (lineNumber) =>
    lineNumber === OTHER
      ? { value: { lineNumber, brand: 'small', contractor: '', numbers: [] } satisfies Line, version: 'v' }
      : undefined,
  getNumber: async (number) =>
    number === OTHER ? ({ number, lineNumber: OTHER, brand: 'small' } as NumberSettings) : undefined,
};

const check = (...documents: (object | string)[]): Promise<CheckedImport> => {
  const rows = documents.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  return checkImport(readImportFile(rows.join('\n')), { repository: known, brands });
};

const problemsOf = async (...documents: (object | string)[]): Promise<string[]> =>
  (await check(...documents)).problems.map(({ at, problem }) => `${at} ${problem}`);

describe('an import', () => {
  it('is the lines, fault notices and numbers of a file, normalised', async () => {
    const faultNotice = {
      enabled: true,
      recipients: [{ address: 'b@example.jp', enabled: true }],
      contractorName: '山田',
      location: '東京',
      autoStartTransfer: false,
      autoStopTransfer: false,
    };
    const checked = await check({ ...line, faultNotice }, '', { number: '０３１２３４５６７９', faxNotice });
    expect(checked).toEqual({
      lines: [{ ...line, numbers: [LINE, '0312345679'] }],
      faultNotices: [{ lineNumber: LINE, notice: faultNotice }],
      numbers: [{ number: '0312345679', sections: { faxNotice } }],
      problems: [],
    });
  });

  it('C13 takes an address of earlier years, which is not accepted anew', async () => {
    const recipients = [{ address: 'docomo..taro.@docomo.ne.jp', enabled: true }];
    const checked = await check(line, { number: LINE, faxNotice: { enabled: true, recipients } });
    expect(checked.problems).toEqual([]);
    expect(checked.numbers[0]?.sections.faxNotice?.recipients).toEqual(recipients);
    expect(
      await problemsOf(line, {
        number: LINE,
        faxNotice: { enabled: true, recipients: [{ address: '@x', enabled: true }] },
      }),
    ).toEqual([expect.stringContaining('2 faxNotice.recipients.0.address: ')]);
  });

  it('adds to numbers and lines that are known already', async () => {
    expect((await check({ number: OTHER, faxNotice })).problems).toEqual([]);
  });

  it('names the line of the file and the field of everything that is wrong', async () => {
    expect(
      await problemsOf(
        '{',
        '[]',
        { ...line, brand: 'nobody', extra: 1 },
        { lineNumber: '123', brand: 'ntt-east' },
        { number: '0399999999', faxNotice },
        { lineNumber: '0399999999', faultNotice: {} },
        { number: OTHER, faxNotice: { enabled: true, recipients: [] }, lineNumber: LINE },
        { number: OTHER },
        { lineNumber: LINE },
      ),
    ).toEqual(
      [
        '1 expected a JSON object',
        '2 expected a JSON object',
        '3 extra: there is no such field',
        '4 lineNumber: expected a number starting with 0, or + and the country code',
        '5 number: no line has 0399999999, here or in Redis',
        '6 lineNumber: 0399999999 is not known, here or in Redis',
        `7 lineNumber: ${OTHER} belongs to line ${OTHER}`,
        '7 faxNotice.recipients: a service can be started only when it has a recipient',
        '8 expected callNotice, faxNotice or screening',
        '9 expected brand, numbers and contractor, or faultNotice',
      ].map((text) => (text.startsWith('4') ? expect.stringMatching(/^4 lineNumber: /) : text)),
    );
  });

  it('C2 keeps to the limits of the brand', async () => {
    const recipients = ['a', 'b'].map((name) => ({ address: `${name}@example.jp`, enabled: true }));
    expect(await problemsOf({ number: OTHER, faxNotice: { enabled: true, recipients } })).toEqual([
      '1 faxNotice.recipients: at most 1, got 2',
    ]);
  });

  it('gives a number to one line, and takes none from another', async () => {
    expect(
      await problemsOf(
        line,
        { ...line, lineNumber: '0311111111', numbers: [LINE] },
        { ...line, lineNumber: '0322222222', numbers: [OTHER] },
        line,
      ),
    ).toEqual([
      `2 numbers: ${LINE} is listed in line 1 too`,
      `3 numbers: ${OTHER} belongs to line ${OTHER}`,
      `4 ${LINE} has a document in line 1 already`,
    ]);
  });
});
