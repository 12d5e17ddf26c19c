/** One thing wrong with a text that a person typed; `index` (UTF-16 units from 0) is its position, if it has one. */
export interface TextProblem {
  readonly code: string;
  readonly message: string;
  readonly index?: number;
}

/** Formats a character for a message: itself when it is visible ASCII, else its code point. */
export function showCharacter(character: string): string {
  if (/^[!-~]$/.test(character)) return `"${character}"`;
  const codePoint = character.codePointAt(0) ?? 0;
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
