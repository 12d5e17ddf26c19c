import { EMPTY_BULK_TRANSFER, EMPTY_FAULT_NOTICE } from '#rules';
import {
  deleteLine,
  readBulkTransfer,
  readFaultNotice,
  readLine,
  writeBulkTransfer,
  writeFaultNotice,
  writeLine,
} from './edit-line.ts';
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

  it('A13 is written with its contracted services, and read back with them', async () => {
    const settings = await settingsFor();
    const services = { '03-1234-5678': ['fault-notice'], [NUMBER]: [] };
    const value = { services: { [LINE]: ['fault-notice'], [NUMBER]: [] } };
    expect(await writeLine(settings, LINE, { document: { ...document, services } })).toMatchObject({ value });
    expect(await readLine(settings, LINE)).toMatchObject({ value });
    expect(await settings.repository.getNumber(NUMBER)).toMatchObject({ services: [] });
    expect(await writeLine(settings, LINE, { document })).not.toHaveProperty('value.services');
    expect(await settings.repository.getNumber(NUMBER)).not.toHaveProperty('services');
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
    expect(await readBulkTransfer(settings, lineNumber)).toEqual(refused);
    expect(await writeBulkTransfer(settings, lineNumber, { document: {} })).toEqual(refused);
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

  it('C2 is stopped with more recipients than the brand allows by now', async () => {
    const settings = await settingsFor({ brand: 'small' });
    const recipients = ['a@example.jp', 'b@example.jp'].map((address) => ({ address, enabled: true }));
    await settings.repository.putFaultNotice(LINE, { ...notice, enabled: true, recipients });
    const edit = { document: { ...notice, recipients } };
    expect(await writeFaultNotice(settings, LINE, edit)).toMatchObject({ ok: true });
    expect(await writeFaultNotice(settings, LINE, { document: { ...notice, recipients: [] } })).toMatchObject(
      {
        ok: true,
      },
    );
    expect(await writeFaultNotice(settings, LINE, edit)).toMatchObject({ errors: [{ code: 'too-many' }] });
  });

  it('is not written over another version', async () => {
    const settings = await settingsFor();
    const edit = { document: notice, condition: { ifMatch: ['x'] } };
    expect(await writeFaultNotice(settings, LINE, edit)).toEqual({ ok: false, kind: 'conflict' });
  });
});

describe('the bulk transfer of a line', () => {
  const transfer = { enabled: true, destinations: { '03-1234-5679': '06-9876-5432' } };

  it('V2 is off and empty at first, and read back as it was written', async () => {
    const settings = await settingsFor();
    expect(await readBulkTransfer(settings, LINE)).toMatchObject({ ok: true, value: EMPTY_BULK_TRANSFER });
    const written = await writeBulkTransfer(settings, '03-1234-5678', { document: transfer });
    expect(written).toMatchObject({
      ok: true,
      value: { enabled: true, destinations: { [NUMBER]: OTHER } },
      warnings: [],
    });
    expect(await readBulkTransfer(settings, LINE)).toEqual(written);
  });

  it('V2 is refused by its rules, and over another version', async () => {
    const settings = await settingsFor();
    const document = { enabled: true, destinations: { [NUMBER]: LINE, [OTHER]: '0611111111' } };
    expect(await writeBulkTransfer(settings, LINE, { document })).toMatchObject({
      kind: 'invalid',
      errors: [{ path: `destinations.${NUMBER}`, code: 'own-line' }],
    });
    const edit = { document: transfer, condition: { ifMatch: ['x'] } };
    expect(await writeBulkTransfer(settings, LINE, edit)).toEqual({ ok: false, kind: 'conflict' });
  });

  it('R3 tells the switch what is chosen anew, and what was chosen before only as an order', async () => {
    const settings = await settingsFor();
    const place = `bulk-transfer:${LINE}` as const;
    const told = () =>
      settings.repository.outbox.change(place, ({ commands }) => ({
        result: commands.map(({ action }) => action),
      }));
    const stop = { document: { ...transfer, enabled: false } };
    await writeBulkTransfer(settings, LINE, stop);
    expect(await told()).toEqual([]);
    await writeBulkTransfer(settings, LINE, { ...stop, isOrder: true });
    expect(await told()).toEqual(['stop']);
    for (const isOrder of [false, false, true])
      await writeBulkTransfer(settings, LINE, { document: transfer, isOrder });
    expect(await told()).toEqual(['stop', 'start', 'start']);
  });

  it('V2 answers what is stored, also where a number has left the line since it was checked', async () => {
    const settings = await settingsFor();
    const { repository } = settings;
    const line = (await repository.getLine(LINE))!;
    repository.getLine = async () => line;
    await repository.putLine({ ...line.value, numbers: [LINE] });
    const written = await writeBulkTransfer(settings, LINE, { document: transfer });
    expect(written).toMatchObject({ ok: true, value: EMPTY_BULK_TRANSFER });
    expect(await readBulkTransfer(settings, LINE)).toEqual(written);
  });
});

describe('A13 a part of a line that is not contracted', () => {
  it('is neither shown nor written', async () => {
    const settings = await settingsFor({ services: { [LINE]: ['call-notice'] } });
    const document = {};
    const notContracted = (service: string) => ({ ok: false, kind: 'not-contracted', service });
    expect(await readFaultNotice(settings, LINE)).toEqual(notContracted('fault-notice'));
    expect(await writeFaultNotice(settings, LINE, { document })).toEqual(notContracted('fault-notice'));
    expect(await readBulkTransfer(settings, LINE)).toEqual(notContracted('bulk-transfer'));
    expect(await writeBulkTransfer(settings, LINE, { document })).toEqual(notContracted('bulk-transfer'));
  });
});
