import fc from 'fast-check';
import { tidyText } from './free-text.ts';

const count = (text: string): number => [...new Intl.Segmenter('ja').segment(text)].length;

describe('free text of subscribers (R1)', () => {
  it.each([
    ['株式会社髙﨑商店', '株式会社髙﨑商店'],
    ['𠮷田分室 ｶﾅ ①㈱ 👨‍👩‍👧‍👦', '𠮷田分室 ｶﾅ ①㈱ 👨‍👩‍👧‍👦'],
    ['一行目\r\n二行目\u2028三行目', '一行目 二行目 三行目'],
    ['  \t前後 \n', '前後'],
    ['\u3000山田\u3000\u3000商店\u00a02階\u3000', '\u3000山田\u3000\u3000商店\u00a02階\u3000'],
    ['a\u0000b\u202ec', 'a b c'],
    ['\ud800x', '\ufffdx'],
    ['', ''],
  ])('%j becomes %j', (text, tidy) => {
    expect(tidyText(text, 100)).toBe(tidy);
  });

  it('is cut between visible characters, with an ellipsis', () => {
    expect(tidyText('漢'.repeat(10_000), 5)).toBe('漢漢漢漢漢…');
    expect(tidyText('👨‍👩‍👧‍👦'.repeat(10_000), 3)).toBe('👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦…');
    expect(tidyText('か\u3099'.repeat(3), 3)).toBe('か\u3099'.repeat(3));
    expect(tidyText(`e${'\u0301'.repeat(10_000)}`, 100).length).toBeLessThan(100);
  });

  it('is always one well-formed line within the limit, and tidy already when tidied', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 1, max: 60 }),
        (text, limit) => {
          const tidy = tidyText(text, limit);
          expect(tidy).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
          expect(tidy.isWellFormed()).toBe(true);
          expect(count(tidy)).toBeLessThanOrEqual(limit + 1);
          expect(tidyText(tidy, limit + 1)).toBe(tidy);
        },
      ),
    );
  });
});
