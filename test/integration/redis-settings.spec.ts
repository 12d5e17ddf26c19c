import { checkDurability, createSettingsRepository, createSettingsStore } from '#redis';
import type { SettingsStore } from '#delivery';
import {
  EMPTY_BULK_TRANSFER,
  EMPTY_CALL_NOTICE,
  EMPTY_FAULT_NOTICE,
  EMPTY_FAX_NOTICE,
  EMPTY_SCREENING,
  EMPTY_VOICE_WARP,
  type CallNotice,
} from '#rules';
import type { SettingsRepository } from '#settings';
import { InMemorySettingsRepository } from '../../libs/settings/testing/in-memory-settings-repository.ts';
import { closeLater } from '../support/close-later.ts';
import { uniqueName } from '../support/unique-name.ts';
import { openRedis } from './redis-for-test.ts';

const notice = (address: string): CallNotice => ({
  ...EMPTY_CALL_NOTICE,
  enabled: true,
  recipients: [{ address, enabled: true }],
});

const line = (...numbers: string[]) => ({
  lineNumber: uniqueName('line'),
  brand: 'ntt-east',
  contractor: '山田 太郎',
  numbers: numbers.map(uniqueName),
});

async function openRepository(): Promise<SettingsRepository> {
  const redis = await openRedis();
  const opened = createSettingsRepository(redis, await checkDurability(redis));
  closeLater(opened.close);
  return opened;
}

describe.each([
  ['Redis', openRepository],
  ['memory', async () => new InMemorySettingsRepository()],
])('settings in %s', (_name, open: () => Promise<SettingsRepository>) => {
  let repository: SettingsRepository;

  beforeAll(async () => {
    repository = await open();
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

  it('A1 finds the line of each of its numbers, while it has them', async () => {
    const written = line('n', 'o');
    const [number = '', other = ''] = written.numbers;
    const value = { ...written, numbers: [written.lineNumber, number, other] };
    await repository.putLine(written);
    for (const one of value.numbers) expect(await repository.findLine(one)).toEqual(value);
    await repository.putLine({ ...written, numbers: [other] });
    expect(await repository.findLine(number)).toBeUndefined();
    expect(await repository.findLine(other)).toEqual({ ...value, numbers: [written.lineNumber, other] });
    await repository.deleteLine(written.lineNumber);
    expect(await repository.findLine(other)).toBeUndefined();
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
    expect(await repository.findLine(nobody)).toBeUndefined();
    expect(await repository.getNumber(nobody)).toBeUndefined();
    expect(await repository.getSection(nobody, 'screening')).toBeUndefined();
    expect(await repository.getFaultNotice(nobody)).toBeUndefined();
    expect(await repository.getBulkTransfer(nobody)).toBeUndefined();
    expect(await repository.putBulkTransfer(nobody, EMPTY_BULK_TRANSFER)).toEqual({ kind: 'unknown' });
    expect(await repository.deleteLine(nobody)).toBe('unknown');
    expect(await repository.putSection(nobody, 'callNotice', notice('a@example.jp'))).toEqual({
      kind: 'unknown',
    });
  });

  it('knows a number from the first, everything off and empty', async () => {
    const { lineNumber, numbers, ...rest } = line('n');
    await repository.putLine({ lineNumber, numbers, ...rest });
    expect(await repository.getNumber(numbers[0]!)).toEqual({
      number: numbers[0],
      lineNumber,
      brand: rest.brand,
      callNotice: EMPTY_CALL_NOTICE,
      faxNotice: EMPTY_FAX_NOTICE,
      screening: EMPTY_SCREENING,
    });
    expect((await repository.getFaultNotice(lineNumber))?.value).toEqual(EMPTY_FAULT_NOTICE);
  });

  it('keeps what was set for a line and for numbers that stay, and nothing of a number that leaves', async () => {
    const written = line('stays', 'leaves');
    const [stays = '', leaves = ''] = written.numbers;
    await repository.putLine(written);
    const fault = { ...EMPTY_FAULT_NOTICE, contractorName: '山田' };
    await repository.putFaultNotice(written.lineNumber, fault);
    for (const number of [stays, leaves])
      await repository.putSection(number, 'callNotice', notice('a@example.jp'));
    expect(await repository.putLine({ ...written, brand: 'ntt-west', numbers: [stays] })).toMatchObject({
      kind: 'written',
      created: false,
    });
    expect(await repository.getNumber(stays)).toMatchObject({
      brand: 'ntt-west',
      callNotice: notice('a@example.jp'),
    });
    expect(await repository.getNumber(leaves)).toBeUndefined();
    expect((await repository.getFaultNotice(written.lineNumber))?.value).toEqual(fault);
    await repository.putLine(written);
    expect((await repository.getNumber(leaves))?.callNotice).toEqual(EMPTY_CALL_NOTICE);
  });

  it('A13 keeps what is contracted with the line and with each part, and what was set before', async () => {
    const written = line('n');
    const { lineNumber, numbers } = written;
    const [number = ''] = numbers;
    await repository.putLine(written);
    await repository.putSection(number, 'callNotice', notice('a@example.jp'));
    const services = { [number]: ['fax-notice'], [lineNumber]: ['bulk-transfer'] } as const;
    await repository.putLine({ ...written, services });
    expect((await repository.getLine(lineNumber))?.value.services).toEqual(services);
    expect((await repository.findLine(number))?.services).toEqual(services);
    expect(await repository.getNumber(number)).toMatchObject({ services: ['fax-notice'] });
    expect(await repository.getSection(number, 'callNotice')).toMatchObject({
      value: notice('a@example.jp'),
      services: ['fax-notice'],
    });
    for (const part of [
      await repository.getFaultNotice(lineNumber),
      await repository.getBulkTransfer(lineNumber),
    ])
      expect(part?.services).toEqual(['bulk-transfer']);
    await repository.putLine(written);
    for (const part of [
      (await repository.getLine(lineNumber))?.value,
      await repository.findLine(number),
      await repository.getNumber(number),
      await repository.getSection(number, 'callNotice'),
      await repository.getFaultNotice(lineNumber),
    ]) {
      expect(part).toBeDefined();
      expect(part).not.toHaveProperty('services');
    }
  });

  it('V3 keeps Voice Warp beside the other sections, and gives none to the next contract', async () => {
    const written = line('n');
    const [number = ''] = written.numbers;
    await repository.putLine(written);
    const before = await repository.getSection(number, 'voiceWarp');
    expect(before?.value).toEqual(EMPTY_VOICE_WARP);
    const condition = { ifMatch: [before?.version ?? ''] };
    const warp = { ...EMPTY_VOICE_WARP, destinations: ['0698765432', null, null, null] };
    expect((await repository.putSection(number, 'voiceWarp', warp, condition)).kind).toBe('written');
    expect(await repository.putSection(number, 'voiceWarp', warp, condition)).toEqual({ kind: 'stale' });
    expect((await repository.getSection(number, 'voiceWarp'))?.value).toEqual(warp);
    expect((await repository.getNumber(number))?.voiceWarp).toEqual(warp);
    await repository.putLine({ ...written, numbers: [] });
    const other = line();
    await repository.putLine({ ...other, numbers: [number] });
    const after = await repository.getSection(number, 'voiceWarp');
    expect(after?.value).toEqual(EMPTY_VOICE_WARP);
    expect(after?.version).not.toBe(before?.version);
  });

  it('V2 keeps a bulk transfer, but for the numbers that leave the line or come to it', async () => {
    const written = line('n', 'leaves', 'comes');
    const [stays = '', leaves = '', comes = ''] = written.numbers;
    const { lineNumber } = written;
    await repository.putLine({ ...written, numbers: [stays, leaves] });
    const first = await repository.getBulkTransfer(lineNumber);
    expect(first?.value).toEqual(EMPTY_BULK_TRANSFER);
    const condition = { ifMatch: [first?.version ?? ''] };
    const transfer = { enabled: true, destinations: { [lineNumber]: comes, [stays]: '06', [leaves]: '06' } };
    expect((await repository.putBulkTransfer(lineNumber, transfer, condition)).kind).toBe('written');
    expect(await repository.putBulkTransfer(lineNumber, transfer, condition)).toEqual({ kind: 'stale' });
    const whole = await repository.getBulkTransfer(lineNumber);
    expect(whole?.value).toEqual(transfer);
    await repository.putLine({ ...written, numbers: [stays, leaves], contractor: '乙' });
    expect(await repository.getBulkTransfer(lineNumber)).toEqual(whole);
    await repository.putLine({ ...written, numbers: [stays, comes] });
    const rest = await repository.getBulkTransfer(lineNumber);
    expect(rest?.value).toEqual({ enabled: true, destinations: { [stays]: '06' } });
    expect(rest?.version).not.toBe(whole?.version);
    await repository.putLine({ ...written, numbers: [] });
    expect((await repository.getBulkTransfer(lineNumber))?.value).toEqual(EMPTY_BULK_TRANSFER);
    // One that was checked while the line still had the number.
    const late = { enabled: true, destinations: { [stays]: '06' } };
    const value = EMPTY_BULK_TRANSFER;
    expect(await repository.putBulkTransfer(lineNumber, late)).toMatchObject({ kind: 'written', value });
    expect((await repository.getBulkTransfer(lineNumber))?.value).toEqual(value);
    await repository.deleteLine(lineNumber);
    await repository.putLine(written);
    expect((await repository.getBulkTransfer(lineNumber))?.value).toEqual(EMPTY_BULK_TRANSFER);
  });

  it('refuses a number of another line, and says whose it is', async () => {
    const [first, second] = [line('n'), line()];
    await repository.putLine(first);
    expect(await repository.putLine({ ...second, numbers: first.numbers })).toEqual({
      kind: 'taken',
      number: first.numbers[0],
      lineNumber: first.lineNumber,
    });
    expect(await repository.getLine(second.lineNumber)).toBeUndefined();
  });

  it('writes and forgets only where the condition holds', async () => {
    const written = line();
    const { lineNumber } = written;
    expect(await repository.putLine(written, { ifMatch: ['*'] })).toEqual({ kind: 'stale' });
    expect(await repository.putLine(written, { ifNoneMatch: ['*'] })).toMatchObject({ created: true });
    expect(await repository.putLine(written, { ifNoneMatch: ['*'] })).toEqual({ kind: 'stale' });
    const { version } = (await repository.getFaultNotice(lineNumber))!;
    const put = () => repository.putFaultNotice(lineNumber, EMPTY_FAULT_NOTICE, { ifMatch: [version] });
    expect((await put()).kind).toBe('written');
    expect(await put()).toEqual({ kind: 'stale' });
    expect(await repository.deleteLine(lineNumber, { ifMatch: ['x'] })).toBe('stale');
    expect(await repository.deleteLine(lineNumber, { ifMatch: ['*'] })).toBe('deleted');
    expect(await repository.getNumber(lineNumber)).toBeUndefined();
  });
});

describe('settings that the rules read from Redis', () => {
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

  it('reads nothing of a number that is not known', async () => {
    expect(await store.numbers([uniqueName('n')])).toEqual([undefined]);
    expect(await store.numbers([])).toEqual([]);
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

  it('A1 finds no line for a number that a write in progress brings or removes', async () => {
    const written = line('n');
    const [number = ''] = written.numbers;
    await repository.putLine(written);
    const key = `${redis.keyPrefix}line:{${written.lineNumber}}`;
    const document = JSON.parse((await redis.client.get(key)) ?? '') as { settings: object };
    const change = { id: 'x', numbers: [number] };
    const bringing = {
      ...document,
      settings: { ...document.settings, numbers: [written.lineNumber] },
      change,
    };
    await redis.client.set(key, JSON.stringify(bringing));
    expect(await repository.getNumber(number)).toBeDefined();
    expect(await repository.findLine(number)).toBeUndefined();
    expect(await repository.findLine(written.lineNumber)).toMatchObject({ numbers: [written.lineNumber] });
    await redis.client.set(key, JSON.stringify({ ...document, settings: null, change }));
    expect(await repository.findLine(number)).toBeUndefined();
  });

  it('A13 shows what is contracted to the next reader, in the document that it reads anyway', async () => {
    const written = line('n');
    const [number = ''] = written.numbers;
    await repository.putLine(written);
    await repository.putLine({
      ...written,
      services: { [number]: ['fax-notice'], [written.lineNumber]: [] },
    });
    expect(await store.numbers([number])).toMatchObject([{ services: ['fax-notice'] }]);
    expect(await store.lines([written.lineNumber])).toMatchObject([
      { services: { [number]: ['fax-notice'], [written.lineNumber]: [] } },
    ]);
    await repository.putLine(written);
    expect(await store.numbers([number])).not.toHaveProperty('0.services');
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
