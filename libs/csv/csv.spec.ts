import fc from 'fast-check';
import { cp932 } from './testing/cp932.ts';
import type { CellProblem } from './cell-problem.ts';
import { decodeText } from './decode-text.ts';
import { escapeCell, unescapeCell } from './escape-cell.ts';
import { MOST_LINES, readTable } from './read-table.ts';
import { writeTable } from './write-table.ts';

const COLUMNS = ['電話番号', 'アドレス', '送信'];
const HEADER = COLUMNS.join(',');

const rows = (text: string): string[] => {
  const read = readTable(text, COLUMNS);
  return 'rows' in read ? read.rows.map(({ line, cells }) => `${line}: ${cells.join('|')}`) : problems(text);
};
const problems = (text: string): string[] => {
  const read = readTable(text, COLUMNS);
  const shown = ({ line, column = '', code }: CellProblem) => `${line ?? ''} ${column} ${code}`;
  return 'problems' in read ? read.problems.map(shown) : [];
};

describe('C14 the text of a file', () => {
  const text = '電話番号,髙橋①\r\nｱﾄﾞﾚｽ,～';

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['CP932', cp932(text)],
  ])('is read as %s', (_, bytes) => expect(decodeText(bytes)).toBe(text));

  it('is none where it is neither', () => {
    expect(decodeText(Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0xff, 0xff, 0x00, 0xfd]))).toBeUndefined();
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const decoded = decodeText(bytes);
        if (decoded !== undefined) readTable(decoded, COLUMNS);
      }),
    );
  });
});

describe('C14 the rows of a table', () => {
  it.each([
    ['CR and LF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
  ])('end with %s', (_, end) => {
    expect(rows([HEADER, '03,a,1', '"04","b","0"', ''].join(end))).toEqual(['2: 03|a|1', '3: 04|b|0']);
  });

  it('have their lines counted as a spreadsheet counts them, and empty ones are left out', () => {
    const text = [HEADER, '03,"a\nb",1', ',,', '', '04,b,0'].join('\r\n');
    expect(rows(text)).toEqual(['2: 03|a\nb|1', '5: 04|b|0']);
  });

  it('have their columns by the names, in any order, and may be short', () => {
    expect(rows('送信,電話番号,アドレス\n1,03,a\n0,04')).toEqual(['2: 03|a|1', '3: 04||0']);
    // A spreadsheet ends every line with the columns that it has seen once.
    expect(rows(`${HEADER},,\n03,a,1,,`)).toEqual(['2: 03|a|1']);
  });

  it.each([
    ['', ['1  csv-header']],
    ['0312345678,a@example.jp,1', ['1  csv-header']],
    ['電話番号,アドレス\n03,a', ['1 送信 csv-column-missing']],
    [`${HEADER},宛先\n`, ['1 宛先 csv-column-unknown']],
    [`${HEADER},送信,送信`, ['1 送信 csv-column-twice']],
    [`${HEADER}\n03,a,1,x\n04,b,1,,y`, ['2  csv-cells', '3  csv-cells']],
    [`${HEADER}\n03,"a"x,1`, ['2  csv-quotes']],
    [`${HEADER}\n03,a,1\n04,x"y,1`, ['3  csv-quotes']],
    [`${HEADER}\n"03,a,1\n04`, ['2  csv-quotes']],
  ])('of %j are refused: %j', (text, expected) => expect(problems(text)).toEqual(expected));

  it('are 10,000 lines at most', () => {
    const lines = (count: number): string => `${HEADER}\n${'03,a,1\n'.repeat(count - 1)}`;
    expect(rows(lines(MOST_LINES))).toHaveLength(MOST_LINES - 1);
    expect(problems(lines(MOST_LINES + 1))).toEqual(['  csv-lines']);
  });
});

describe('C14 a cell', () => {
  it.each(['=1+1', '+81', '-1', '@x', '\tx', '\rx', "'x", "'", "''+a"])(
    '%j is not run by a spreadsheet',
    (text) => {
      expect(escapeCell(text)).toBe(`'${text}`);
    },
  );

  it('of any text is the same after its way down and up', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unescapeCell(escapeCell(text)) === text));
  });

  it('of a table is the same after its way down and up', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', "'", '=', '+', '表') }),
    );
    const row = fc.tuple(
      cell.map((text) => `k${text}`),
      cell,
      cell,
    );
    fc.assert(
      fc.property(fc.array(row), (table) => {
        const text = writeTable(COLUMNS, table);
        expect(text).toMatch(/^\uFEFF"電話番号","アドレス","送信"\r\n/);
        const read = readTable(decodeText(Buffer.from(text)) ?? '', COLUMNS);
        expect('rows' in read && read.rows.map(({ cells }) => cells)).toEqual(table);
      }),
    );
  });
});
