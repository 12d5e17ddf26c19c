const CLOSE = 2;

/** A service link, as Kubernetes and Docker set them: `<SERVICE>_PORT=tcp://10.0.0.1:25`. */
const SERVICE_LINK = /^(tcp|udp|sctp):\/\//;

/** Damerau–Levenshtein distance (optimal string alignment): letters added, dropped, changed, or two neighbours swapped. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (current[column - 1] ?? 0) + 1,
        (last[column] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    before = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** Variables that are set, unknown, and within two letters of a known name: typing mistakes, each with that name. */
export function misspeltVariables(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): { readonly name: string; readonly meant: string }[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || known.includes(name)) return [];
    if (name.endsWith('_PORT') && SERVICE_LINK.test(value)) return [];
    const near = known
      .filter((other) => Math.abs(other.length - name.length) <= CLOSE)
      .map((other) => ({ name, meant: other, distance: editDistance(name, other) }))
      .filter(({ distance }) => distance <= CLOSE)
      .toSorted((a, b) => a.distance - b.distance);
    return near.slice(0, 1);
  });
}
