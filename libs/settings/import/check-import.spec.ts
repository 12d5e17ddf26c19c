import { EMPTY_CALL_NOTICE, EMPTY_VOICE_WARP, type NumberSettings } from '#rules';
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
    number === OTHER
      ? ({
          number,
          lineNumber: OTHER,
          brand: 'small',
          services: ['fax-notice', 'voice-warp'],
        } as Partial<NumberSettings> as NumberSettings)
      : undefined,
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
      bulkTransfers: [],
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

  it('V2 V3 A13 has services, bulk transfer and Voice Warp, by the rules of an edit', async () => {
    const services = { [LINE]: ['bulk-transfer'], '0312345679': ['voice-warp'] };
    const bulkTransfer = { enabled: true, destinations: { '03-1234-5679': OTHER } };
    const voiceWarp = { ...EMPTY_VOICE_WARP, destinations: [OTHER, null, null, null] };
    const checked = await check({ ...line, services, bulkTransfer }, { number: '0312345679', voiceWarp });
    expect(checked).toEqual({
      lines: [{ ...line, numbers: [LINE, '0312345679'], services }],
      faultNotices: [],
      bulkTransfers: [
        { lineNumber: LINE, transfer: { enabled: true, destinations: { '0312345679': OTHER } } },
      ],
      numbers: [{ number: '0312345679', sections: { voiceWarp } }],
      problems: [],
    });
    expect(
      await problemsOf(
        { ...line, services: { [LINE]: ['fax-notice'], '0312345679': ['fault-notice'] } },
        { number: OTHER, voiceWarp: { ...voiceWarp, destinations: [OTHER, null, null, null] } },
        { lineNumber: OTHER, bulkTransfer: { enabled: false, destinations: { [LINE]: OTHER } } },
      ),
    ).toEqual([
      `1 services.0312345679.0: fault-notice is contracted for the line: expected it under ${LINE}`,
      '2 voiceWarp.destinations.0: expected another number',
      `3 bulkTransfer.destinations.${LINE}: expected a number of the line`,
    ]);
  });

  it('A13 takes nothing of a service that is not contracted, in the file or in Redis', async () => {
    const bulkTransfer = { enabled: false, destinations: {} };
    expect(
      await problemsOf(
        { ...line, services: { [LINE]: ['fax-notice'] }, bulkTransfer },
        { number: LINE, voiceWarp: EMPTY_VOICE_WARP, faxNotice },
        { number: OTHER, callNotice: EMPTY_CALL_NOTICE, faxNotice },
      ),
    ).toEqual([
      '1 bulkTransfer: bulk-transfer is not contracted',
      '2 voiceWarp: voice-warp is not contracted',
      '3 callNotice: call-notice is not contracted',
    ]);
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
        '8 expected callNotice, faxNotice, screening or voiceWarp',
        '9 expected brand, numbers and contractor, or faultNotice, or bulkTransfer',
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
