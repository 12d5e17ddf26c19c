import fc from 'fast-check';
import { cursorOf, isAfter, readCursor } from './history-cursor.ts';

describe('the cursor of the history', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.string(), (at, member) => {
        expect(readCursor(cursorOf({ at, member }))).toEqual({ at, member });
      }),
    );
  });

  it('is rejected in any other form', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readCursor(text)).toBeUndefined();
      }),
    );
    for (const json of ['[]', '[1]', '["1","a"]', '[1.5,"a"]', '{"at":1}', 'null'])
      expect(readCursor(Buffer.from(json).toString('base64url'))).toBeUndefined();
  });

  it.each([
    [{ at: 1, member: 'b' }, true],
    [{ at: 2, member: 'a' }, true],
    [{ at: 2, member: 'b' }, false],
    [{ at: 2, member: 'c' }, false],
    [{ at: 3, member: 'a' }, false],
  ])('has %j after it: %s', (entry, after) => expect(isAfter(entry, { at: 2, member: 'b' })).toBe(after));
});
