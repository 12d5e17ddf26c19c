/** Parsed values of the documents read last: a document whose text is the same is not parsed again. */
export interface DocumentCache<T> {
  read(name: string, text: string): T;
}

/** Remembers at most `limit` documents, the ones parsed last. `parse` may throw: then nothing is remembered. */
export function createDocumentCache<T>(
  limit: number,
  parse: (text: string, name: string) => T,
): DocumentCache<T> {
  const known = new Map<string, { readonly text: string; readonly value: T }>();
  return {
    read(name, text) {
      const before = known.get(name);
      if (before?.text === text) return before.value;
      const value = parse(text, name);
      known.delete(name);
      known.set(name, { text, value });
      const oldest = known.size > limit ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
      return value;
    },
  };
}
