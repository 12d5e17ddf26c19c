import fc from 'fast-check';
import { callNoticeInput, EMPTY_CALL_NOTICE } from './call-notice.ts';
import { readDocument } from './read-document.ts';
import { box, boxes, errorsOf, numbers, rules } from './testing/settings-documents.ts';

const readCall = (part: object, given = rules) =>
  readDocument(callNoticeInput(given), { ...EMPTY_CALL_NOTICE, ...part });

describe('callNoticeInput', () => {
  it('C1 C4 gives the document with its numbers normalised and everything else as it was written', () => {
    const read = readCall({
      enabled: true,
      unansweredOnly: true,
      recipients: [box('A.b@Example.JP'), box('b@example.jp', false)],
      targetCallers: [
        { number: '０９０ー１２３４ー５６７８', enabled: true },
        { number: '+81 3-1234-5678', enabled: false },
        { number: '+1 415 555 0100', enabled: true },
      ],
    });
    expect(read).toEqual({
      ok: true,
      value: {
        enabled: true,
        targetCallersOnly: false,
        unansweredOnly: true,
        recipients: [box('A.b@Example.JP'), box('b@example.jp', false)],
        targetCallers: [
          { number: '09012345678', enabled: true },
          { number: '0312345678', enabled: false },
          { number: '+14155550100', enabled: true },
        ],
      },
    });
  });

  it('C3 starts a service only with a recipient; its box may be off', () => {
    expect(errorsOf(readCall({ enabled: true }))).toEqual(['recipients: recipient-required']);
    expect(errorsOf(readCall({ enabled: true, recipients: [box('a@example.jp', false)] }))).toEqual([]);
    expect(errorsOf(readCall({ enabled: false }))).toEqual([]);
  });

  it('C2 takes 5 recipients and no more', () => {
    expect(errorsOf(readCall({ recipients: boxes(5) }))).toEqual([]);
    expect(errorsOf(readCall({ recipients: boxes(6) }))).toEqual(['recipients: too-many']);
  });

  it('C4 takes 30 target callers and no more', () => {
    const targets = (count: number) => numbers(count).map((number) => ({ number, enabled: true }));
    expect(errorsOf(readCall({ targetCallers: targets(30) }))).toEqual([]);
    expect(errorsOf(readCall({ targetCallers: targets(31) }))).toEqual(['targetCallers: too-many']);
  });

  it('C2 C4 takes as many as the brand says', () => {
    const given = { ...rules, limits: { recipients: 1, targetCallers: 0, nuisanceCallers: 0 } };
    const part = { recipients: boxes(2), targetCallers: [{ number: '0312345678', enabled: true }] };
    expect(errorsOf(readCall(part, given))).toEqual(['recipients: too-many', 'targetCallers: too-many']);
  });

  it.each<[string, object, string[]]>([
    [
      'C2 the same address twice',
      { recipients: [box('a@b.jp'), box('c@b.jp'), box('a@b.jp', false)] },
      ['recipients.2.address: duplicate'],
    ],
    [
      'C2 the same address with its domain in capitals',
      { recipients: [box('a@b.jp'), box('a@B.JP')] },
      ['recipients.1.address: duplicate'],
    ],
    ['C2 two boxes that differ in capitals', { recipients: [box('a@b.jp'), box('A@b.jp')] }, []],
    [
      'C4 the same caller twice, written differently',
      {
        targetCallers: [
          { number: '090-1234-5678', enabled: true },
          { number: '+819012345678', enabled: true },
        ],
      },
      ['targetCallers.1.number: duplicate'],
    ],
    [
      'C13 a wrong address',
      { recipients: [box('a@b.jp'), box('a b@c.jp')] },
      ['recipients.1.address: address-character'],
    ],
    [
      'C13 an address of earlier years',
      { recipients: [box('a..b@docomo.ne.jp')] },
      ['recipients.0.address: local-two-dots'],
    ],
    [
      'C4 a wrong caller',
      { targetCallers: [{ number: '090x', enabled: true }] },
      ['targetCallers.0.number: number-character'],
    ],
    [
      'C1 an unknown field',
      { recipient: [], extra: 1 },
      ['recipient: unknown-field', 'extra: unknown-field'],
    ],
    [
      'C1 an unknown field of a recipient',
      { recipients: [{ ...box('a@b.jp'), name: 'x' }] },
      ['recipients.0.name: unknown-field'],
    ],
    [
      'C4 an unknown field of a target caller',
      { targetCallers: [{ number: '0312345678', enabled: true, name: 'x' }] },
      ['targetCallers.0.name: unknown-field'],
    ],
    ['C1 a missing field', { enabled: undefined }, ['enabled: required']],
    ['C1 a box that is missing', { recipients: [{ address: 'a@b.jp' }] }, ['recipients.0.enabled: required']],
    ['C1 a wrong type', { enabled: 'true', recipients: {} }, ['enabled: type', 'recipients: type']],
    ['C1 null', { recipients: [null] }, ['recipients.0: type']],
  ])('%s', (_title, part, errors) => {
    expect(errorsOf(readCall(part))).toEqual(errors);
  });

  it.each([null, [], 'x', 1, undefined])('C1 refuses %j as a whole', (body) => {
    const read = readDocument(callNoticeInput(rules), body);
    expect(errorsOf(read)).toEqual([body === undefined ? ': required' : ': type']);
  });

  it('C13 keeps an address of earlier years where it is stored, with the warning that it was read with', () => {
    const old = 'a..b.@docomo.ne.jp';
    const given = { ...rules, isStored: (address: string) => address === old };
    const recipients = [{ ...box(old), warning: 'no two dots stand in a row' }];
    expect(readCall({ recipients }, given)).toMatchObject({ ok: true, value: { recipients: [box(old)] } });
    expect(errorsOf(readCall({ recipients: [box('c..d@docomo.ne.jp')] }, given))).toEqual([
      'recipients.0.address: local-two-dots',
    ]);
  });

  it('C13 does not keep what was never an address, even where it is stored', () => {
    const given = { ...rules, isStored: () => true };
    expect(errorsOf(readCall({ recipients: [box('a@b.jp\r\nBcc: c@d.jp')] }, given))).toEqual([
      'recipients.0.address: address-character',
    ]);
  });

  it('C1 takes back what holds before anything was written', () => {
    expect(readCall({})).toEqual({ ok: true, value: EMPTY_CALL_NOTICE });
  });

  it('C4 reads what it gave as it gave it', () => {
    const written = fc.record({
      enabled: fc.boolean(),
      targetCallersOnly: fc.boolean(),
      unansweredOnly: fc.boolean(),
      recipients: fc.array(
        fc.record({ address: fc.constantFrom('a@b.jp', 'A@b.jp', 'c@D.jp'), enabled: fc.boolean() }),
      ),
      targetCallers: fc.array(
        fc.record({
          number: fc.constantFrom(
            '0312345678',
            '03-1234-5679',
            '＋８１９０１２３４５６７８',
            '+1 415 555 0100',
          ),
          enabled: fc.boolean(),
        }),
      ),
    });
    fc.assert(
      fc.property(written, (body) => {
        const read = readCall(body);
        if (!read.ok) return;
        expect(readCall(read.value)).toEqual(read);
        expect(read.value.recipients).toEqual(body.recipients);
        expect(body.enabled && read.value.recipients.length === 0).toBe(false);
      }),
    );
  });

  it('C1 answers any JSON with a document or with errors, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const read = readDocument(callNoticeInput(rules), body);
        expect(read).not.toEqual({ ok: false, errors: [] });
      }),
    );
  });
});
