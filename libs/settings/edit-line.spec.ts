import { EMPTY_FAULT_NOTICE } from '#rules';
import { deleteLine, readFaultNotice, readLine, writeFaultNotice, writeLine } from './edit-line.ts';
import { legacy, LINE, NUMBER, settingsFor } from './testing/settings-for-test.ts';

const OTHER = '0698765432';
const document = { brand: 'ntt-east', numbers: ['03-1234-5679'], contractor: '佐藤' };

describe('a line', () => {
  it('is created, then replaced, and read back as it was written', async () => {
    const settings = await settingsFor();
    const edit = { document: { ...document, numbers: [] } };
    const created = await writeLine(settings, '06-9876-5432', edit);
    expect(created).toMatchObject({
      ok: true,
      created: true,
      value: { lineNumber: OTHER, brand: 'ntt-east', numbers: [OTHER], contractor: '佐藤' },
    });
    expect(await writeLine(settings, OTHER, edit)).toMatchObject({ ok: true, created: false });
    expect(await readLine(settings, OTHER)).toMatchObject({ ok: true, value: { numbers: [OTHER] } });
  });

  it('is refused with every error; under what is no number by the path lineNumber', async () => {
    const settings = await settingsFor();
    const wrong = { document: { ...document, brand: 'nobody', more: 1 } };
    expect(await writeLine(settings, LINE, wrong)).toMatchObject({
      kind: 'invalid',
      errors: [
        { path: 'brand', code: 'brand-unknown' },
        { path: 'more', code: 'unknown-field' },
      ],
    });
    expect(await writeLine(settings, '12', { document })).toMatchObject({
      kind: 'invalid',
      errors: [{ path: 'lineNumber', code: 'number-start' }],
    });
  });

  it('takes no number of another line: whose it is, and where it stands, is told', async () => {
    const settings = await settingsFor();
    const numbers = ['0501-234-5678', '０３ー１２３４ー５６７９'];
    expect(await writeLine(settings, OTHER, { document: { ...document, numbers } })).toEqual({
      ok: false,
      kind: 'taken',
      path: 'numbers.1',
      lineNumber: LINE,
    });
    expect(await writeLine(settings, NUMBER, { document: { ...document, numbers: [] } })).toMatchObject({
      kind: 'taken',
      path: 'lineNumber',
    });
    expect(await readLine(settings, OTHER)).toEqual({ ok: false, kind: 'not-found', what: 'line' });
  });

  it('is written and forgotten only on the version asked for', async () => {
    const settings = await settingsFor();
    const condition = { ifMatch: ['x'] };
    const refused = { ok: false, kind: 'conflict' };
    expect(await writeLine(settings, LINE, { document, condition })).toEqual(refused);
    expect(await deleteLine(settings, LINE, condition)).toEqual(refused);
    expect(await writeLine(settings, OTHER, { document: { ...document, numbers: [] }, condition })).toEqual(
      refused,
    );
    expect(await deleteLine(settings, LINE)).toEqual({ ok: true });
    expect(await readLine(settings, LINE)).toMatchObject({ kind: 'not-found' });
  });

  it.each(['0399999999', '12'])('is not found as %s', async (lineNumber) => {
    const settings = await settingsFor();
    const refused = { ok: false, kind: 'not-found', what: 'line' };
    expect(await readLine(settings, lineNumber)).toEqual(refused);
    expect(await deleteLine(settings, lineNumber)).toEqual(refused);
    expect(await readFaultNotice(settings, lineNumber)).toEqual(refused);
    expect(await writeFaultNotice(settings, lineNumber, { document: {} })).toEqual(refused);
  });
});

describe('the fault notice of a line', () => {
  const notice = { ...EMPTY_FAULT_NOTICE, recipients: [{ address: 'a@example.jp', enabled: true }] };

  it('R1 R3 is off and empty at first, and read back as it was written', async () => {
    const settings = await settingsFor();
    expect(await readFaultNotice(settings, LINE)).toMatchObject({ ok: true, value: EMPTY_FAULT_NOTICE });
    const edit = { document: { ...notice, enabled: true, location: '本店 1 階', autoStartTransfer: true } };
    const written = await writeFaultNotice(settings, '03-1234-5678', edit);
    expect(written).toMatchObject({ ok: true, value: edit.document, warnings: [] });
    expect(await readFaultNotice(settings, LINE)).toEqual(written);
  });

  it('C3 C13 is refused without a recipient, and with an address that is not accepted anew', async () => {
    const settings = await settingsFor();
    const recipients = [{ address: legacy, enabled: true }];
    for (const [wrong, error] of [
      [
        { enabled: true, recipients: [] },
        { path: 'recipients', code: 'recipient-required' },
      ],
      [{ recipients }, { path: 'recipients.0.address', code: 'local-two-dots' }],
    ] as const)
      expect(await writeFaultNotice(settings, LINE, { document: { ...notice, ...wrong } })).toMatchObject({
        kind: 'invalid',
        errors: [error],
      });
    await settings.repository.putFaultNotice(LINE, { ...notice, recipients });
    expect(await writeFaultNotice(settings, LINE, { document: { ...notice, recipients } })).toMatchObject({
      ok: true,
      warnings: [{ path: 'recipients.0.address', code: 'local-two-dots' }],
    });
  });

  it('is not written over another version', async () => {
    const settings = await settingsFor();
    const edit = { document: notice, condition: { ifMatch: ['x'] } };
    expect(await writeFaultNotice(settings, LINE, edit)).toEqual({ ok: false, kind: 'conflict' });
  });
});
