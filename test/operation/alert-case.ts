/** What an alert does when the metrics go like this. */
export interface AlertCase {
  readonly alert: string;
  /** By series, one value a step, in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  readonly step: string;
  /** When to look. */
  readonly at: string;
  /** The labels of each alert that fires, besides its name; none when it must be silent. */
  readonly fires: readonly string[];
}

/** When the alert fires, and with which labels besides its name. */
export const fires = (
  alert: string,
  at: string,
  labels: string | readonly string[],
  series: AlertCase['series'],
): AlertCase => ({ alert, at, fires: [labels].flat(), series, step: '1m' });
/** When the alert is silent. */
export const silent = (alert: string, at: string, series: AlertCase['series']): AlertCase =>
  fires(alert, at, [], series);

/** The label of an alert that wakes somebody. */
export const PAGE = 'severity="page"';
/** The label of one that waits until the morning. */
export const TICKET = 'severity="ticket"';
