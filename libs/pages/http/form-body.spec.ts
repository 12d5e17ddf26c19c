import fc from 'fast-check';
import { formBody } from './form-body.ts';

const form = (text: string) => formBody(Buffer.from(text));

describe('a form', () => {
  it('gives the first value of a field, and all of them', () => {
    const read = form('number=0312345678&box=1&box=2&empty=');
    expect([read.value('number'), read.value('box'), read.value('empty'), read.value('none')]).toEqual([
      '0312345678',
      '1',
      '',
      '',
    ]);
    expect([read.values('box'), read.values('none')]).toEqual([['1', '2'], []]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'box[]', 'box[a]', 'a.b'])(
    'has no name but names: %s',
    (name) => {
      expect(form('').value(name)).toBe('');
      expect(form(`${encodeURIComponent(name)}=x`).value(name)).toBe('x');
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    },
  );

  it('reads what browsers write, and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))),
        (pairs) => {
          const read = form(new URLSearchParams(pairs).toString());
          for (const [name] of pairs)
            expect(read.values(name)).toEqual(
              pairs.filter(([other]) => other === name).map(([, value]) => value),
            );
        },
      ),
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof formBody(bytes).value('a') === 'string'));
  });
});
