import { EMPTY_FAULT_NOTICE, faultNoticeInput } from './fault-notice.ts';
import { readDocument } from './read-document.ts';
import { boxes, errorsOf, rules } from './testing/settings-documents.ts';

const readFault = (part: object) => readDocument(faultNoticeInput(rules), { ...EMPTY_FAULT_NOTICE, ...part });

describe('faultNoticeInput', () => {
  it('R1 R3 reads texts and switches as they were written', () => {
    const part = {
      enabled: true,
      recipients: boxes(1),
      contractorName: '髙橋商店 ①㈱ 👨‍👩‍👧',
      location: '東京都 <本社> "3F"',
      autoStartTransfer: true,
    };
    expect(readFault(part)).toEqual({ ok: true, value: { ...EMPTY_FAULT_NOTICE, ...part } });
  });

  it.each<[string, object, string[]]>([
    ['R1 C3 a started service without recipient', { enabled: true }, ['recipients: recipient-required']],
    [
      'R1 the longest name and location',
      { contractorName: 'あ'.repeat(100), location: 'い'.repeat(200) },
      [],
    ],
    ['R1 a name too long', { contractorName: 'あ'.repeat(101) }, ['contractorName: text-length']],
    ['R1 a location too long', { location: 'い'.repeat(201) }, ['location: text-length']],
    ['R1 a line end', { contractorName: 'a\r\nBcc: b@c.jp' }, ['contractorName: text-character']],
    ['R1 a line separator', { location: 'a\u2028b' }, ['location: text-character']],
    ['R1 a tab', { location: 'a\tb' }, ['location: text-character']],
    ['R1 half a surrogate pair', { location: 'a\ud83d' }, ['location: text-character']],
    ['R1 text that turns its direction', { location: 'a\u202eb' }, ['location: text-character']],
    ['R1 an unknown field', { name: 'x' }, ['name: unknown-field']],
    ['R3 a switch that is no switch', { autoStopTransfer: 1 }, ['autoStopTransfer: type']],
  ])('%s', (_title, part, errors) => {
    expect(errorsOf(readFault(part))).toEqual(errors);
  });

  it('R1 takes back what holds before anything was written', () => {
    expect(readFault({})).toEqual({ ok: true, value: EMPTY_FAULT_NOTICE });
  });
});
