import {
  checkDurability,
  createSettingsRepository,
  createSettingsStore,
  type SettingsRepository,
} from '#redis';
import type { SettingsStore } from '#delivery';
import type { CallNotice } from '#rules';
import { closeLater } from '../support/close-later.ts';
import { uniqueName } from '../support/unique-name.ts';
import { openRedis } from './redis-for-test.ts';

const notice = (address: string): CallNotice => ({
  enabled: true,
  targetCallersOnly: false,
  unansweredOnly: false,
  recipients: [{ address, enabled: true }],
  targetCallers: [],
});

describe('settings in Redis', () => {
  let redis: Awaited<ReturnType<typeof openRedis>>;
  let repository: SettingsRepository;
  let store: SettingsStore;

  beforeAll(async () => {
    redis = await openRedis();
    const opened = createSettingsRepository(redis, await checkDurability(redis));
    closeLater(opened.close);
    repository = opened;
    store = createSettingsStore(redis);
  });

  const line = (...numbers: string[]) => ({
    lineNumber: uniqueName('line'),
    brand: 'ntt-east',
    contractor: '山田 太郎',
    numbers: numbers.map(uniqueName),
  });

  it('reads back the line that was written, its own number first', async () => {
    const written = line('n');
    const result = await repository.putLine(written);
    expect(result).toMatchObject({ kind: 'written', created: true });
    expect(await repository.getLine(written.lineNumber)).toEqual({
      value: { ...written, numbers: [written.lineNumber, ...written.numbers] },
      version: result.kind === 'written' ? result.version : '',
    });
  });

  it('knows a number of a line, everything off and empty, before anything was written', async () => {
    const { lineNumber, numbers } = line('n');
    await repository.putLine({ lineNumber, numbers, brand: 'ntt-west', contractor: '' });
    expect(await store.numbers([numbers[0]!])).toEqual([
      {
        number: numbers[0],
        lineNumber,
        brand: 'ntt-west',
        callNotice: {
          enabled: false,
          targetCallersOnly: false,
          unansweredOnly: false,
          recipients: [],
          targetCallers: [],
        },
        faxNotice: { enabled: false, recipients: [] },
        screening: { nuisanceCallers: [], numberRequest: false },
      },
    ]);
  });

  it('gives each section a version of its own, and refuses an old one', async () => {
    const written = line();
    await repository.putLine(written);
    const number = written.lineNumber;
    const fax = await repository.getSection(number, 'faxNotice');
    const call = await repository.getSection(number, 'callNotice');
    const first = await repository.putSection(number, 'callNotice', notice('a@example.jp'), {
      ifMatch: [call!.version],
    });
    expect(first.kind).toBe('written');
    expect(
      await repository.putSection(number, 'callNotice', notice('b@example.jp'), { ifMatch: [call!.version] }),
    ).toEqual({
      kind: 'stale',
    });
    expect((await repository.getSection(number, 'callNotice'))?.value).toEqual(notice('a@example.jp'));
    expect(await repository.getSection(number, 'faxNotice')).toEqual(fax);
  });

  it('lets one of many writers on the same version win', async () => {
    const written = line();
    await repository.putLine(written);
    const { version } = (await repository.getSection(written.lineNumber, 'callNotice'))!;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        repository.putSection(written.lineNumber, 'callNotice', notice(`${index}@example.jp`), {
          ifMatch: [version],
        }),
      ),
    );
    expect(results.filter(({ kind }) => kind === 'written')).toHaveLength(1);
  });

  it('loses no write of writers that name no version', async () => {
    const written = line();
    await repository.putLine(written);
    const number = written.lineNumber;
    const results = await Promise.all([
      repository.putSection(number, 'callNotice', notice('a@example.jp')),
      repository.putSection(number, 'faxNotice', { enabled: true, recipients: [] }),
      repository.putSection(number, 'screening', { nuisanceCallers: ['0312345678'], numberRequest: true }),
      repository.putFaultNotice(number, {
        enabled: true,
        recipients: [],
        contractorName: '山田',
        location: '東京',
        autoStartTransfer: true,
        autoStopTransfer: true,
      }),
      repository.putLine({ ...written, contractor: '佐藤', numbers: [uniqueName('n')] }),
    ]);
    expect(results.every(({ kind }) => kind === 'written')).toBe(true);
    expect(await repository.getNumber(number)).toMatchObject({
      callNotice: { enabled: true },
      faxNotice: { enabled: true },
      screening: { numberRequest: true },
    });
    expect(await store.lines([number])).toMatchObject([
      { contractor: '佐藤', faultNotice: { contractorName: '山田', location: '東京' } },
    ]);
  });

  it('gives a number to one of two lines that ask for it at once', async () => {
    const number = uniqueName('n');
    const lines = [line(), line()].map((one) => ({ ...one, numbers: [number] }));
    for (let round = 0; round < 10; round += 1) {
      const results = await Promise.all(lines.map((one) => repository.putLine(one)));
      expect(results.filter(({ kind }) => kind === 'written').length).toBeLessThanOrEqual(1);
      const owner = (await repository.getNumber(number))?.lineNumber;
      const winner = results.findIndex(({ kind }) => kind === 'written');
      expect(owner).toBe(lines[winner]?.lineNumber);
      await Promise.all(lines.map(({ lineNumber }) => repository.deleteLine(lineNumber)));
      expect(await repository.getNumber(number)).toBeUndefined();
    }
  });

  it('does not know what is not there', async () => {
    const nobody = uniqueName('n');
    expect(await repository.getLine(nobody)).toBeUndefined();
    expect(await repository.getNumber(nobody)).toBeUndefined();
    expect(await repository.getSection(nobody, 'screening')).toBeUndefined();
    expect(await repository.getFaultNotice(nobody)).toBeUndefined();
    expect(await repository.deleteLine(nobody)).toBe('unknown');
    expect(await repository.putSection(nobody, 'callNotice', notice('a@example.jp'))).toEqual({
      kind: 'unknown',
    });
    expect(await store.numbers([nobody])).toEqual([undefined]);
    expect(await store.numbers([])).toEqual([]);
  });

  it('reads a batch in the order asked, a broken document as an error in its place', async () => {
    const [one, broken, two] = [line(), line(), line()];
    for (const each of [one, broken, two]) await repository.putLine(each);
    await redis.client.set(`${redis.keyPrefix}number:{${broken.lineNumber}}`, '{"settings":');
    await redis.client.set(`${redis.keyPrefix}line:{${broken.lineNumber}}`, '[]');
    const asked = [two, broken, one, two].map(({ lineNumber }) => lineNumber);
    const wanted = asked.map((lineNumber) =>
      lineNumber === broken.lineNumber ? { code: 'DOCUMENT_BROKEN', retryable: false } : { lineNumber },
    );
    expect(await store.numbers(asked)).toMatchObject(wanted);
    expect(await store.lines(asked)).toMatchObject(wanted);
  });

  it('shows a change to the next reader', async () => {
    const written = line();
    await repository.putLine(written);
    for (const address of ['a@example.jp', 'b@example.jp']) {
      await repository.putSection(written.lineNumber, 'callNotice', notice(address));
      expect(await store.numbers([written.lineNumber])).toMatchObject([
        { callNotice: { recipients: [{ address }] } },
      ]);
    }
    await repository.deleteLine(written.lineNumber);
    expect(await store.numbers([written.lineNumber])).toEqual([undefined]);
  });
});
