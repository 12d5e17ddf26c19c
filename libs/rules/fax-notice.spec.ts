import { EMPTY_FAX_NOTICE, faxNoticeInput } from './fax-notice.ts';
import { readDocument } from './read-document.ts';
import { boxes, errorsOf, rules } from './testing/settings-documents.ts';

describe('faxNoticeInput', () => {
  const read = (part: object) => readDocument(faxNoticeInput(rules), { ...EMPTY_FAX_NOTICE, ...part });

  it('F1 reads what a call notice’s recipients may be, and no conditions', () => {
    expect(read({ enabled: true, recipients: boxes(5) })).toEqual({
      ok: true,
      value: { enabled: true, recipients: boxes(5) },
    });
    expect(errorsOf(read({ recipients: boxes(6) }))).toEqual(['recipients: too-many']);
    expect(errorsOf(read({ unansweredOnly: true }))).toEqual(['unansweredOnly: unknown-field']);
  });

  it('F1 C3 starts only with a recipient', () => {
    expect(errorsOf(read({ enabled: true }))).toEqual(['recipients: recipient-required']);
  });

  it('F1 takes back what holds before anything was written', () => {
    expect(read({})).toEqual({ ok: true, value: EMPTY_FAX_NOTICE });
  });
});
