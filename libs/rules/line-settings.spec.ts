import { lineInput } from './line-settings.ts';
import { readDocument } from './read-document.ts';
import { errorsOf } from './testing/settings-documents.ts';

const services = (byNumber: object): object => ({ services: byNumber });

/** The document that a line was read from, as it is answered. */
function withoutLineNumber<T extends { readonly lineNumber: string }>({
  lineNumber: _lineNumber,
  ...line
}: T): object {
  return line;
}

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

  it('A13 takes the contracted services of some numbers, of the line’s as a whole under its own', () => {
    const contracted = {
      '０３-１２３４-５６７８': ['fault-notice', 'bulk-transfer', 'call-notice'],
      '0312345679': [],
    };
    const read = readDocument(schema, {
      brand: 'ntt-east',
      numbers: ['0312345679'],
      contractor: '',
      services: contracted,
    });
    expect(read).toMatchObject({
      ok: true,
      value: {
        services: { '0312345678': ['fault-notice', 'bulk-transfer', 'call-notice'], '0312345679': [] },
      },
    });
    const again = read.ok && withoutLineNumber(read.value);
    expect(readDocument(schema, again)).toEqual(read);
  });

  it.each<[string, object, string[]]>([
    ['a brand that is not there', { brand: 'toString' }, ['brand: brand-unknown']],
    ['a number from abroad', { numbers: ['+14155550100'] }, ['numbers.0: number-start']],
    ['a number twice', { numbers: ['0312345679', '+81312345679'] }, ['numbers.1: duplicate']],
    ['a contractor of two lines', { contractor: 'a\nb' }, ['contractor: text-character']],
    ['a field of its path', { lineNumber: '0312345678' }, ['lineNumber: unknown-field']],
    [
      'services of a number that is not of the line',
      services({ '0698765432': [] }),
      ['services.0698765432: number-unknown'],
    ],
    ['services of no number', services({ x: [] }), ['services.x: number-character']],
    [
      'services of a number named twice',
      services({ '0312345679': [], '03-1234-5679': [] }),
      ['services.03-1234-5679: duplicate'],
    ],
    [
      'an unknown service',
      services({ '0312345679': ['call-notice', 'pager'] }),
      ['services.0312345679.1: invalid-value'],
    ],
    [
      'a service twice',
      services({ '0312345679': ['ip-phone', 'ip-phone'] }),
      ['services.0312345679.1: duplicate'],
    ],
    [
      'a service of the line under another number',
      services({ '0312345679': ['call-notice', 'bulk-transfer'] }),
      ['services.0312345679.1: line-service'],
    ],
    ['services that are none', { services: [] }, ['services: type']],
  ])('B1 %s', (_title, part, errors) => {
    expect(errorsOf(read(part))).toEqual(errors);
  });
});
