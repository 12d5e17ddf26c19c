import { EMPTY_VOICE_WARP } from '#rules';
import { brands, LINE, NUMBER } from '../testing/settings-for-test.ts';
import { InMemorySettingsRepository } from '../testing/in-memory-settings-repository.ts';
import { checkImport } from './check-import.ts';
import { readImportFile } from './import-file.ts';
import { writeImport } from './write-import.ts';

const recipients = [{ address: 'a@example.jp', enabled: true }];
const faultNotice = {
  enabled: true,
  recipients,
  contractorName: '山田',
  location: '東京',
  autoStartTransfer: false,
  autoStopTransfer: false,
};
const bulkTransfer = { enabled: true, destinations: { [NUMBER]: '0698765432' } };
const voiceWarp = { ...EMPTY_VOICE_WARP, destinations: ['0698765432', null, null, null] };
const text = [
  {
    lineNumber: LINE,
    brand: 'ntt-east',
    numbers: [NUMBER],
    contractor: '山田商店',
    services: { [NUMBER]: ['fax-notice', 'voice-warp'] },
    faultNotice,
    bulkTransfer,
  },
  {
    number: NUMBER,
    faxNotice: { enabled: true, recipients },
    screening: { nuisanceCallers: ['0398765432'], numberRequest: true },
    voiceWarp,
  },
]
  .map((one) => JSON.stringify(one))
  .join('\n');

describe('writing an import', () => {
  it('writes lines, fault notices, bulk transfers and sections; repeating it changes nothing', async () => {
    const repository = new InMemorySettingsRepository();
    for (let times = 0; times < 2; times += 1) {
      const checked = await checkImport(readImportFile(text), { repository, brands });
      expect(checked.problems).toEqual([]);
      await writeImport(repository, checked);
      expect((await repository.getFaultNotice(LINE))?.value).toEqual(faultNotice);
      expect(await repository.getNumber(NUMBER)).toMatchObject({
        lineNumber: LINE,
        callNotice: { enabled: false },
        faxNotice: { enabled: true, recipients },
        screening: { nuisanceCallers: ['0398765432'], numberRequest: true },
        services: ['fax-notice', 'voice-warp'],
        voiceWarp,
      });
      expect((await repository.getBulkTransfer(LINE))?.value).toEqual(bulkTransfer);
    }
  });

  it('ends where somebody took a number after the check, and says so', async () => {
    const repository = new InMemorySettingsRepository();
    const checked = await checkImport(readImportFile(text), { repository, brands });
    const other = { lineNumber: '0698765432', brand: 'ntt-east', contractor: '', numbers: [NUMBER] };
    await repository.putLine(other);
    await expect(writeImport(repository, checked)).rejects.toMatchObject({
      code: 'IMPORT_DISTURBED',
      retryable: true,
      message: expect.stringContaining(`${LINE}: ${NUMBER} belongs to line 0698765432; `) as string,
    });
  });
});
