/** A value whose reads are watched, and what of it nobody has read. */
interface Watched<T> {
  readonly value: T;
  readonly unread: () => string[];
}

/**
 * Watches which fields of a value are read. The published validators of Kubernetes let every field through that no schema
 * has, as a typing mistake is; but they never look at one, so that it shows by that.
 */
export function watchReads<T extends object>(whole: T): Watched<T> {
  const read = new Set<string>();
  const watch = <V>(value: V, place: string): V => {
    if (typeof value !== 'object' || value === null) return value;
    return new Proxy(value, {
      get(target, key, receiver): unknown {
        const found: unknown = Reflect.get(target, key, receiver);
        if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return found;
        const own = `${place}/${key}`;
        read.add(own);
        return watch(found, own);
      },
    });
  };
  return { value: watch(whole, ''), unread: () => placesIn(whole, '').filter((place) => !read.has(place)) };
}

function placesIn(value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    `${place}/${key}`,
    ...placesIn(inner, `${place}/${key}`),
  ]);
}
