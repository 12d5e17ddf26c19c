import { EMPTY_CALL_NOTICE, EMPTY_SCREENING, EMPTY_VOICE_WARP } from '#rules';
import { readSection, writeSection } from './edit-section.ts';
import { LINE, legacy, NUMBER, settingsFor } from './testing/settings-for-test.ts';

const box = (address: string) => ({ address, enabled: true });
const faxNotice = (...addresses: string[]) => ({ enabled: true, recipients: addresses.map(box) });

describe('a section of a number', () => {
  it.each([NUMBER, '03-1234-5679', '０３１２３４５６７９'])('is read by its number as %s', async (text) => {
    const settings = await settingsFor();
    expect(await readSection(settings, text, 'callNotice')).toEqual({
      ok: true,
      value: EMPTY_CALL_NOTICE,
      version: (await settings.repository.getSection(NUMBER, 'callNotice'))?.version,
      warnings: [],
    });
  });

  it.each(['0399999999', '12', 'abc'])('is not found for %s, read or written', async (number) => {
    const settings = await settingsFor();
    const refused = { ok: false, kind: 'not-found', what: 'number' };
    expect(await readSection(settings, number, 'screening')).toEqual(refused);
    expect(await writeSection(settings, number, 'screening', { document: {} })).toEqual(refused);
  });

  it('C8 is written with its numbers normalised, and is read back so', async () => {
    const settings = await settingsFor();
    const document = { nuisanceCallers: ['090-1234-5678'], numberRequest: true };
    const written = await writeSection(settings, NUMBER, 'screening', { document });
    expect(written).toMatchObject({
      ok: true,
      value: { nuisanceCallers: ['09012345678'], numberRequest: true },
    });
    expect(await readSection(settings, NUMBER, 'screening')).toEqual(written);
  });

  it('is refused with every error by its path and code, and stays as it was', async () => {
    const settings = await settingsFor();
    const document = { enabled: true, recipients: [{ address: 'a b@example.jp', enabled: 1 }], more: 1 };
    const refused = await writeSection(settings, NUMBER, 'faxNotice', { document });
    expect(refused).toMatchObject({ ok: false, kind: 'invalid' });
    expect('errors' in refused ? refused.errors.map(({ path, code }) => `${path} ${code}`) : []).toEqual([
      'recipients.0.address address-character',
      'recipients.0.enabled type',
      'more unknown-field',
    ]);
    expect((await settings.repository.getNumber(NUMBER))?.faxNotice.enabled).toBe(false);
  });

  it('is not written over another version', async () => {
    const settings = await settingsFor();
    const { version = '' } = (await settings.repository.getSection(NUMBER, 'screening')) ?? {};
    const edit = { document: EMPTY_SCREENING, condition: { ifMatch: [version] } };
    expect(await writeSection(settings, NUMBER, 'screening', edit)).toMatchObject({ ok: true });
    const refused = { ok: false, kind: 'conflict' };
    expect(await writeSection(settings, NUMBER, 'screening', edit)).toEqual(refused);
  });

  it('V3 is Voice Warp too, off at first, and never to the number itself', async () => {
    const settings = await settingsFor();
    expect(await readSection(settings, NUMBER, 'voiceWarp')).toMatchObject({ value: EMPTY_VOICE_WARP });
    const warp = { ...EMPTY_VOICE_WARP, enabled: true };
    const to = (destination: string) => ({ ...warp, destinations: [destination, null, null, null] });
    const written = await writeSection(settings, NUMBER, 'voiceWarp', { document: to('06-9876-5432') });
    expect(written).toMatchObject({ ok: true, value: to('0698765432') });
    expect(await readSection(settings, NUMBER, 'voiceWarp')).toEqual(written);
    expect(await writeSection(settings, NUMBER, 'voiceWarp', { document: to(NUMBER) })).toMatchObject({
      errors: [{ path: 'destinations.0', code: 'own-number' }],
    });
  });

  it('A13 is neither shown nor written where its service is not contracted, and stays as it was', async () => {
    const settings = await settingsFor();
    const { repository } = settings;
    await writeSection(settings, NUMBER, 'faxNotice', { document: faxNotice('a@example.jp') });
    const { value: line } = (await repository.getLine(LINE))!;
    await repository.putLine({ ...line, services: { [NUMBER]: ['call-notice'] } });
    const refused = { ok: false, kind: 'not-contracted', service: 'fax-notice' };
    expect(await readSection(settings, NUMBER, 'faxNotice')).toEqual(refused);
    expect(await writeSection(settings, NUMBER, 'faxNotice', { document: {} })).toEqual(refused);
    for (const section of ['callNotice', 'screening'] as const)
      expect(await readSection(settings, NUMBER, section)).toMatchObject({ ok: true });
    expect(await readSection(settings, LINE, 'faxNotice')).toMatchObject({ ok: true });
    await repository.putLine(line);
    expect(await readSection(settings, NUMBER, 'faxNotice')).toMatchObject({
      value: faxNotice('a@example.jp'),
    });
  });

  it('C2 keeps to the limits of its brand', async () => {
    const settings = await settingsFor({ brand: 'small' });
    const document = faxNotice('a@example.jp', 'b@example.jp');
    expect(await writeSection(settings, NUMBER, 'faxNotice', { document })).toMatchObject({
      errors: [{ path: 'recipients', code: 'too-many' }],
    });
  });

  it('C2 C4 C8 keeps as many as are stored where a limit has become smaller, and no more', async () => {
    const settings = await settingsFor({ brand: 'small' });
    const [two, three] = [
      ['a@example.jp', 'b@example.jp'].map(box),
      ['a@example.jp', 'b@example.jp', 'c@example.jp'].map(box),
    ] as const;
    const callers = ['0311111111', '0322222222', '0333333333'];
    const targets = (count: number) => callers.slice(0, count).map((number) => ({ number, enabled: true }));
    const notice = { ...EMPTY_CALL_NOTICE, enabled: true, recipients: two, targetCallers: targets(2) };
    await settings.repository.putSection(NUMBER, 'callNotice', notice);
    const nuisance = (count: number) => ({ ...EMPTY_SCREENING, nuisanceCallers: callers.slice(0, count) });
    await settings.repository.putSection(NUMBER, 'screening', nuisance(2));
    const write = (document: object) => writeSection(settings, NUMBER, 'callNotice', { document });
    expect(await write({ ...notice, enabled: false })).toMatchObject({ ok: true });
    expect(await write({ ...notice, recipients: three, targetCallers: targets(3) })).toMatchObject({
      errors: [{ path: 'recipients' }, { path: 'targetCallers', code: 'too-many' }],
    });
    const screen = (document: object) => writeSection(settings, NUMBER, 'screening', { document });
    expect(await screen({ ...nuisance(2), numberRequest: true })).toMatchObject({ ok: true });
    expect(await screen(nuisance(3))).toMatchObject({ errors: [{ code: 'too-many' }] });
    expect(await write({ ...notice, recipients: two.slice(1) })).toMatchObject({ ok: true });
    expect(await write(notice)).toMatchObject({ errors: [{ path: 'recipients', code: 'too-many' }] });
  });

  it('C13 keeps an address of earlier years where it is stored, with a warning, and takes it nowhere else', async () => {
    const settings = await settingsFor();
    await settings.repository.putSection(NUMBER, 'faxNotice', faxNotice(legacy));
    const warnings = [
      {
        path: 'recipients.1.address',
        code: 'local-two-dots',
        message: 'no two dots stand in a row',
      },
    ];
    const document = faxNotice('a@example.jp', legacy);
    const written = await writeSection(settings, NUMBER, 'faxNotice', { document });
    expect(written).toMatchObject({ ok: true, value: document, warnings });
    expect(await readSection(settings, NUMBER, 'faxNotice')).toEqual(written);
    expect(await writeSection(settings, LINE, 'faxNotice', { document })).toMatchObject({
      errors: [{ path: 'recipients.1.address', code: 'local-two-dots' }],
    });
  });
});
