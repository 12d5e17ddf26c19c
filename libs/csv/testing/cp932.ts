/** The bytes of each character that CP932 has, found by decoding all that may be one. */
const BYTES: ReadonlyMap<string, readonly number[]> = bytesOfCharacters();

function bytesOfCharacters(): Map<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  const keep = (...bytes: number[]): void => {
    try {
      const text = new TextDecoder('shift_jis', { fatal: true }).decode(Uint8Array.from(bytes));
      if (Array.from(text).length === 1 && !found.has(text)) found.set(text, bytes);
    } catch {
      // No character.
    }
  };
  for (let first = 0; first < 256; first += 1) {
    keep(first);
    for (let second = 0; second < 256; second += 1) keep(first, second);
  }
  return found;
}

/** A text as a Japanese spreadsheet saves it by default; throws for a character that CP932 has not. */
export function cp932(text: string): Buffer {
  return Buffer.from(
    Array.from(text).flatMap((character) => {
      const bytes = BYTES.get(character);
      if (!bytes) throw new Error(`CP932 has no ${character}`);
      return bytes;
    }),
  );
}
