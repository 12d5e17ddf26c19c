/** Reads a file's bytes as UTF-8, with a byte order mark or without, else as CP932. `undefined`: it is neither. */
export function decodeText(bytes: Uint8Array): string | undefined {
  // Strictly, UTF-8 first: hardly any Japanese text in CP932 is UTF-8 by accident.
  return decoded(bytes, 'utf-8') ?? decoded(bytes, 'shift_jis');
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
