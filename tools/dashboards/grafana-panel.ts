/** What is read here of a panel in Grafana's JSON. */
export interface GrafanaPanel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly fieldConfig?: { readonly defaults: GrafanaField };
}

/** How a panel shows its values. */
export interface GrafanaField {
  readonly unit: string;
  readonly decimals?: number;
  readonly max?: number;
  readonly noValue?: string;
  readonly thresholds: {
    readonly steps: readonly { readonly value: number | null; readonly color: string }[];
  };
  readonly mappings: readonly { readonly options: Readonly<Record<string, { readonly text: string }>> }[];
  readonly custom: { readonly stacking?: { readonly mode: string } };
}

/** A panel's query as Grafana asks it when all processes are chosen. */
export function askedNow(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
}
