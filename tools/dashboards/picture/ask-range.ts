import { askedNow, type GrafanaPanel } from '../grafana-panel.ts';

/** A series of an answer: its name in the legend, and a value for each moment; `null` where there is none. */
export interface DrawnSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** The moments that are drawn, in epoch seconds. */
export interface Moments {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

/** Asks a Prometheus for all queries of a panel. Rejects when one is refused. */
export async function askRange(
  prometheus: string,
  { targets = [] }: GrafanaPanel,
  { from, to, step }: Moments,
): Promise<readonly DrawnSeries[]> {
  const moments = Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, index) => from + index * step,
  );
  const found = await Promise.all(
    targets.map(async ({ expr, legendFormat }) => {
      const query = new URLSearchParams({
        query: askedNow(expr),
        start: String(from),
        end: String(to),
        step: String(step),
      });
      const response = await fetch(`${prometheus}/api/v1/query_range?${query.toString()}`);
      const answer = (await response.json()) as Answer;
      if (answer.status !== 'success') throw new Error(`Prometheus refuses ${expr}: ${answer.error}`);
      return answer.data.result.map(({ metric, values }) => {
        const at = new Map(values.map(([moment, value]) => [moment, Number(value)]));
        return {
          name: legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
          values: moments.map((moment) => finite(at.get(moment))),
        };
      });
    }),
  );
  return found.flat();
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;
