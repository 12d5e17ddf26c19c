import fc from 'fast-check';
import { sizeOfRecord, splitByBytes } from './outgoing-record.ts';

describe('splitByBytes', () => {
  it('keeps the order, leaves nothing out, and passes the limit only with a single item', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 150 })), (sizes) => {
        const items = sizes.map((bytes, index) => ({ bytes, index }));
        const groups = splitByBytes(items, 100);
        expect(groups.flat()).toEqual(items);
        for (const group of groups) {
          const bytes = group.reduce((sum, item) => sum + item.bytes, 0);
          expect(bytes <= 100 || group.length === 1).toBe(true);
        }
      }),
    );
  });

  it('fills a group before it begins another', () => {
    expect(splitByBytes([{ bytes: 60 }, { bytes: 40 }, { bytes: 1 }], 100)).toEqual([
      [{ bytes: 60 }, { bytes: 40 }],
      [{ bytes: 1 }],
    ]);
  });
});

describe('sizeOfRecord', () => {
  it('counts octets, not characters, and every value of a repeated header', () => {
    const bare = sizeOfRecord({ key: null, value: null, headers: {} });
    expect(sizeOfRecord({ key: '着信', value: Buffer.alloc(100), headers: {} })).toBe(bare + 106);
    const once = sizeOfRecord({ key: null, value: null, headers: { trace: 'a' } });
    const twice = sizeOfRecord({ key: null, value: null, headers: { trace: ['a', 'b'] } });
    expect(twice - once).toBe(once - bare);
  });
});
