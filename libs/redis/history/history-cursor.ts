/** The position of an event in the list of a number. */
export interface Entry {
  readonly at: number;
  readonly member: string;
}

/** Encodes the end of a page as an opaque cursor. */
export const cursorOf = ({ at, member }: Entry): string =>
  Buffer.from(JSON.stringify([at, member])).toString('base64url');

/** Decodes a cursor; `undefined` for anything that `cursorOf` did not write. */
export function readCursor(text: string): Entry | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(read)) return undefined;
    const [at, member] = read as unknown[];
    return Number.isSafeInteger(at) && typeof member === 'string' ? { at: at as number, member } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an entry follows the cursor, newest first. Entries of the same time are ordered by bytes, as in Redis. */
export function isAfter(entry: Entry, cursor: Entry): boolean {
  if (entry.at !== cursor.at) return entry.at < cursor.at;
  return Buffer.compare(Buffer.from(entry.member), Buffer.from(cursor.member)) < 0;
}
