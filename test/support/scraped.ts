/** A line of `/metrics`. */
interface ScrapedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What `/metrics` says: its series, and the type and the help of each metric. */
export interface Scraped {
  readonly series: readonly ScrapedSeries[];
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
}

/** Reads Prometheus' text format. */
export function readScrape(text: string): Scraped {
  const told = (what: string): Map<string, string> =>
    new Map(
      [...text.matchAll(new RegExp(`^# ${what} (\\S+) (.*)$`, 'gm'))].map(([, name = '', is = '']) => [
        name,
        is,
      ]),
    );
  const series = [...text.matchAll(/^([a-z]\w*)(?:\{(.*)\})? (\S+)$/gim)].map(
    ([, name = '', labels = '', value]) => ({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', is = '']) => [label, is]),
      ),
      value: Number(value),
    }),
  );
  return { series, types: told('TYPE'), helps: told('HELP') };
}
