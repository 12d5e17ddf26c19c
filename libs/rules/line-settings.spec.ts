import { lineInput } from './line-settings.ts';
import { readDocument } from './read-document.ts';
import { errorsOf } from './testing/settings-documents.ts';

describe('lineInput', () => {
  const schema = lineInput({ lineNumber: '0312345678', brands: ['ntt-east', 'ntt-west'] });
  const read = (part: object) =>
    readDocument(schema, { brand: 'ntt-east', numbers: ['03-1234-5679'], contractor: '山田商店', ...part });

  it('B1 counts the line number among its numbers, named or not', () => {
    const value = { lineNumber: '0312345678', brand: 'ntt-east', contractor: '山田商店' };
    expect(read({})).toEqual({ ok: true, value: { ...value, numbers: ['0312345678', '0312345679'] } });
    expect(read({ numbers: ['0312345679', '0312345678'] })).toEqual({
      ok: true,
      value: { ...value, numbers: ['0312345679', '0312345678'] },
    });
  });

  it.each<[string, object, string[]]>([
    ['a brand that is not there', { brand: 'toString' }, ['brand: brand-unknown']],
    ['a number from abroad', { numbers: ['+14155550100'] }, ['numbers.0: number-start']],
    ['a number twice', { numbers: ['0312345679', '+81312345679'] }, ['numbers.1: duplicate']],
    ['a contractor of two lines', { contractor: 'a\nb' }, ['contractor: text-character']],
    ['a field of its path', { lineNumber: '0312345678' }, ['lineNumber: unknown-field']],
  ])('B1 %s', (_title, part, errors) => {
    expect(errorsOf(read(part))).toEqual(errors);
  });
});
