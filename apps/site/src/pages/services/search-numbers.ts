import { digitsOf } from '../../ui/digits-of.ts';

/**
 * The numbers that are searched by a part of them, or by `*` for any digits (C14): `03*5678` is the whole of a number,
 * and a part where no number is like that. Full width, spaces and hyphens are accepted; what no number has finds none.
 */
export function searchNumbers(numbers: readonly string[], typed: string): readonly string[] {
  const pattern = digitsOf(typed);
  const whole = pattern.includes('*') ? numbers.filter(isLike(pattern)) : [];
  return whole.length > 0 ? whole : numbers.filter(isLike(`*${pattern}*`));
}

/** Whether a number is like a pattern, in whose `*` any digits may stand. */
export function isLike(pattern: string): (number: string) => boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return (number) => number === first;
  return (number) => {
    if (!number.startsWith(first)) return false;
    let at = first.length;
    // The first place of each part leaves the most to those behind it.
    for (const part of others) {
      const found = number.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at + last.length <= number.length && number.endsWith(last);
  };
}
