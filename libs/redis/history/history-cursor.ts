/** An event in the list of a number: when, and which, as it is listed. */
export interface Entry {
  readonly at: number;
  readonly member: string;
}

/** Where a page ended, as an opaque text. */
export const cursorOf = ({ at, member }: Entry): string =>
  Buffer.from(JSON.stringify([at, member])).toString('base64url');

/** What `cursorOf` wrote, or `undefined`. */
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

/** Whether an entry comes after the cursor where the newest come first; of one time, Redis orders by bytes. */
export function isAfter(entry: Entry, cursor: Entry): boolean {
  if (entry.at !== cursor.at) return entry.at < cursor.at;
  return Buffer.compare(Buffer.from(entry.member), Buffer.from(cursor.member)) < 0;
}
