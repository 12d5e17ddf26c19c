import type { GrafanaField } from '../grafana-panel.ts';
import type { DrawnSeries } from './ask-range.ts';
import { shownValue } from './shown-value.ts';

/** The colours of a stat's ground; white text on each has a contrast of 4.5 at least. */
const GROUNDS: Readonly<Record<string, string>> = {
  green: '#1a7f37',
  yellow: '#8a6100',
  red: '#c4232b',
  blue: '#1f60c4',
};
const NONE = '#6e7781';

/** One coloured number for each series, as HTML. */
export function drawStat(series: readonly DrawnSeries[], field: GrafanaField): string {
  if (series.length === 0) return cell('', field.noValue ?? 'no data', NONE);
  return series
    .map(({ name, values }) => {
      const value = values.findLast((one) => one !== null);
      if (value === undefined || value === null) return cell(name, field.noValue ?? 'no data', NONE);
      return cell(name, textOf(value, field), groundOf(value, field));
    })
    .join('');
}

function cell(name: string, text: string, ground: string): string {
  const small = name === '' ? '' : `<small>${name}</small>`;
  return `<div class="stat" style="background:${ground}"><b>${text}</b>${small}</div>`;
}

function textOf(value: number, { mappings, unit, decimals }: GrafanaField): string {
  const words = mappings
    .map(({ options }) => options[String(value)]?.text)
    .find((text) => text !== undefined);
  return words ?? shownValue(value, unit, decimals);
}

function groundOf(value: number, { thresholds }: GrafanaField): string {
  const step = thresholds.steps.findLast((one) => one.value === null || value >= one.value);
  return GROUNDS[step?.color ?? ''] ?? NONE;
}
