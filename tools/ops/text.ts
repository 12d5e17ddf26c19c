import { InvalidArgumentError } from 'commander';
import { parseRfc3339 } from '#events';
import { parseSubscriberNumber } from '#rules';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses a time argument into epoch ms: RFC 3339 with an offset, or how long ago (`90s`, `30m`, `2h`, `1d`). */
export function timeArgument(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const time =
    count === undefined
      ? parseRfc3339(text)
      : Date.now() - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (time !== undefined) return time;
  throw new InvalidArgumentError(
    'Expected a time like 2026-11-21T10:00:00+09:00, or how long ago like 30m, 2h, 1d.',
  );
}

/** Parses a whole number above 0. */
export function countArgument(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

/** Parses a telephone number of Japan, as people write it. */
export function numberArgument(text: string): string {
  const parsed = parseSubscriberNumber(text);
  if (parsed.ok) return parsed.number;
  throw new InvalidArgumentError('Expected a telephone number of 10 or 11 digits.');
}

/** Makes foreign text safe for a terminal: escapes control, format and line separator characters. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** `1 attempt`, `2 attempts`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
