import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  decide,
  DEFAULT_DEADLINES,
  EMPTY_CALL_NOTICE,
  EMPTY_FAULT_NOTICE,
  EMPTY_FAX_NOTICE,
  EMPTY_SCREENING,
} from '#rules';
import {
  lineText,
  newFaultNotice,
  newNumber,
  numberText,
  parseLine,
  parseNumber,
  versionOf,
} from './documents.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';
const AT = Date.parse('2026-11-21T10:00:00+09:00');
const text = (path: string): string =>
  readFileSync(new URL(`../../../test/stored/${path}.json`, import.meta.url), 'utf8');

/** Every object in a JSON value, with the names of its fields. */
function fieldsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => [
    [...path, name],
    ...fieldsOf(field, [...path, name]),
  ]);
}

function without(value: unknown, [name = '', ...rest]: readonly string[]): unknown {
  const { [name]: field, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [name]: without(field, rest) };
}

const NEEDED = ['settings', 'versions', 'settings.number', 'settings.lineNumber', 'settings.brand'];
const laterFields = (path: string, needed: readonly string[]): string[] =>
  fieldsOf(JSON.parse(text(path)))
    .map((field) => field.join('.'))
    .filter((field) => !needed.includes(field));

describe('a stored document', () => {
  it.each(['0.1.0/line', '0.1.0/line-removed', '0.2.0/line'])('%s is read as it is', (path) => {
    expect(parseLine(text(path), LINE)).toEqual(JSON.parse(text(path)));
  });

  it.each(['0.1.0/number', '0.2.0/number'])('%s is read as it is', (path) => {
    expect(parseNumber(text(path), NUMBER)).toEqual(JSON.parse(text(path)));
  });

  it('V2 V3 has the first version of a part that its release did not know', () => {
    expect(versionOf(parseNumber(text('0.1.0/number'), NUMBER).versions, 'voiceWarp')).toBe('0');
    expect(versionOf(parseLine(text('0.1.0/line'), LINE).versions, 'bulkTransfer')).toBe('0');
  });

  it('earlier/number has what it lacks off and empty', () => {
    const { settings, versions } = parseNumber(text('earlier/number'), NUMBER);
    expect(settings).toMatchObject({
      callNotice: { ...EMPTY_CALL_NOTICE, enabled: true, recipients: [{ address: 'taro@example.jp' }] },
      faxNotice: EMPTY_FAX_NOTICE,
      screening: EMPTY_SCREENING,
    });
    expect(versions).toEqual({ callNotice: 'q3Zk0bD1xk2f', faxNotice: '0', screening: '0' });
  });

  it('earlier/line has what it lacks off and empty', () => {
    const { settings, versions } = parseLine(text('earlier/line'), LINE);
    const faultNotice = {
      ...EMPTY_FAULT_NOTICE,
      enabled: true,
      recipients: [{ address: 'it@example.jp', enabled: true }],
    };
    expect(settings).toMatchObject({ contractor: '', faultNotice });
    expect(versions).toEqual({ line: 'Vb6NtG0sQx1M', faultNotice: '0' });
  });

  it('0.3.0/number and 0.3.0/line are written as they were read, and have what they leave out off and empty', () => {
    const number = parseNumber(text('0.3.0/number'), NUMBER);
    expect(JSON.parse(numberText(number))).toEqual(JSON.parse(text('0.3.0/number')));
    expect(number.settings).toMatchObject({ faxNotice: EMPTY_FAX_NOTICE, screening: EMPTY_SCREENING });
    const line = parseLine(text('0.3.0/line'), LINE);
    expect(JSON.parse(lineText(line))).toEqual(JSON.parse(text('0.3.0/line')));
    expect(line.settings).toMatchObject({
      contractor: '',
      faultNotice: { contractorName: '', location: '' },
    });
  });

  it('keeps what a newer version has added', () => {
    const newer = { ...(JSON.parse(text('earlier/number')) as object), added: { by: 'a newer version' } };
    expect(parseNumber(JSON.stringify(newer), NUMBER)).toMatchObject({ added: { by: 'a newer version' } });
  });

  it.each(laterFields('0.1.0/number', NEEDED))('of a number is decided by without %s', (field) => {
    const stored = JSON.stringify(without(JSON.parse(text('0.1.0/number')), field.split('.')));
    const { settings } = parseNumber(stored, NUMBER);
    const known = { numbers: new Map([[NUMBER, settings]]), lines: new Map() };
    const base = { source: '/s', id: 'e', at: AT, lineNumber: LINE, calledNumber: NUMBER };
    const call = {
      ...base,
      kind: 'call',
      caller: { number: '09012345678' },
      ringSeconds: 1,
      outcome: 'busy',
    } as const;
    const fax = {
      ...base,
      kind: 'fax',
      sender: { withheld: 'P' },
      pages: 1,
      complete: true,
      documentId: 'f',
    } as const;
    for (const event of [call, fax])
      expect(typeof decide(event, known, AT, () => DEFAULT_DEADLINES).reason).toBe('string');
  });

  it.each(laterFields('0.1.0/line', [...NEEDED, 'settings.numbers']))(
    'of a line is decided by without %s',
    (field) => {
      const stored = JSON.stringify(without(JSON.parse(text('0.1.0/line')), field.split('.')));
      const { settings } = parseLine(stored, LINE);
      const known = { numbers: new Map(), lines: new Map([[LINE, settings!]]) };
      const fault = {
        kind: 'fault',
        source: '/s',
        id: 'e',
        at: AT,
        lineNumber: LINE,
        faultId: 'flt-77',
      } as const;
      expect(typeof decide(fault, known, AT, () => DEFAULT_DEADLINES).reason).toBe('string');
    },
  );

  it('begins as one that lacks everything reads', () => {
    const named = { number: NUMBER, lineNumber: LINE, brand: 'ntt-east' };
    const bare = parseNumber(JSON.stringify({ settings: named, versions: {} }), NUMBER);
    expect(bare.settings).toEqual(newNumber(NUMBER, named).settings);
    const line = JSON.stringify({ settings: { ...named, numbers: [LINE] }, versions: {} });
    expect(parseLine(line, LINE).settings?.faultNotice).toEqual(newFaultNotice().value);
  });

  it('that is none is an error without its text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (wrong) => {
        expect(() => parseNumber(wrong, NUMBER)).toThrow(
          'the document of number …5679 cannot be read: expected the JSON that this program writes',
        );
      }),
    );
  });
});
