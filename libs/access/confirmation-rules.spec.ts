import fc from 'fast-check';
import { confirmationIdProblem, confirmationPasswordProblem } from './confirmation-rules.ts';

const NUMBER = '0312345678';

describe('confirmationIdProblem', () => {
  it.each(['Kakunin01', 'AAAAaaaa', 'AAAA1111', 'aaaa1111', 'Abcdefgh', 'aB3aB3aB3aB3'])(
    'A9 accepts %s',
    (id) => {
      expect(confirmationIdProblem(id)).toBeUndefined();
    },
  );

  it.each([
    ['', 'empty'],
    ['Kakunin', 'length'],
    ['Kakunin012345', 'length'],
    ['Kakunin-1', 'characters'],
    ['Kakunin 1', 'characters'],
    ['Kakunin01\n', 'characters'],
    ['Ｋakunin01', 'full-width'],
    ['KAKUNINID', 'only-capitals'],
    ['kakuninid', 'only-small-letters'],
    ['20485163', 'only-digits'],
  ])('A9 refuses %j: %s', (id, problem) => {
    expect(confirmationIdProblem(id)).toBe(problem);
  });
});

describe('confirmationPasswordProblem', () => {
  it.each(['tsubaki42q', 'a1a1a1a1', 'abc1abc1', '123a123a', 'aaab1113', '987z987z'])(
    'A9 accepts %s',
    (text) => {
      expect(confirmationPasswordProblem(text, NUMBER)).toBeUndefined();
    },
  );

  it.each([
    ['', 'empty'],
    ['abc1abc', 'length'],
    ['abc1abc1abc1a', 'length'],
    ['tsubaki_42', 'characters'],
    ['tsubaki４２', 'full-width'],
    ['20485163', 'only-digits'],
    ['tsubakiq', 'only-letters'],
    ['aaaa1357', 'run'],
    ['x1111357', 'run'],
    ['x1234579', 'run'],
    ['x9876135', 'run'],
    ['abcd1357', 'run'],
    ['1357dcba', 'run'],
    ['WXYZ1357', 'run'],
    ['a0312345678', 'contains-number'],
    ['312345678ab', 'contains-number'],
  ])('A9 refuses %j: %s', (password, problem) => {
    expect(confirmationPasswordProblem(password, NUMBER)).toBe(problem);
  });

  const characters = fc.constantFrom(
    ...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split(''),
  );
  const texts = fc.string({ unit: characters, minLength: 8, maxLength: 12 });

  it('A9 accepts both letters and digits, no run of four, and nothing else', () => {
    const runs = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'].flatMap((row) => {
      const letters = row.split('');
      const up = letters.slice(0, -3).map((_, index) => row.slice(index, index + 4));
      return [
        ...up,
        ...up.map((run) => run.split('').toReversed().join('')),
        ...letters.map((one) => one.repeat(4)),
      ];
    });
    const text = fc.oneof(
      texts,
      fc
        .tuple(texts, fc.constantFrom(...runs), fc.nat(8))
        .map(([base, run, at]) => (base.slice(0, at) + run + base.slice(at)).slice(0, 12)),
    );
    fc.assert(
      fc.property(text, (password) => {
        const isGood =
          /[0-9]/.test(password) &&
          /[A-Za-z]/.test(password) &&
          !runs.some((run) => password.includes(run)) &&
          !password.includes(NUMBER.slice(1));
        expect(confirmationPasswordProblem(password, NUMBER) === undefined).toBe(isGood);
      }),
      { numRuns: 2_000 },
    );
  });

  it('A9 accepts an id of at least two kinds, and nothing else', () => {
    const mixed = fc.oneof(
      texts,
      fc.string({ unit: fc.constantFrom('A', 'B', 'C'), minLength: 8, maxLength: 12 }),
    );
    fc.assert(
      fc.property(mixed, (id) => {
        const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/].filter((kind) => kind.test(id));
        expect(confirmationIdProblem(id) === undefined).toBe(kinds.length > 1);
      }),
      { numRuns: 2_000 },
    );
  });
});
