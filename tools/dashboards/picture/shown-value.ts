/** A number with at most three figures that count. */
function shortly(value: number, decimals?: number): string {
  const size = Math.abs(value);
  if (size >= 1_000_000) return `${shortly(value / 1_000_000, 1)} M`;
  if (size >= 10_000) return `${shortly(value / 1_000, 1)} k`;
  const most = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: Math.min(decimals ?? most, most) });
}

function duration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `${shortly(seconds * 1_000, 0)} ms`;
  if (seconds < 120) return `${shortly(seconds, 1)} s`;
  if (seconds < 7_200) return `${shortly(seconds / 60, 1)} min`;
  return `${shortly(seconds / 3_600, 1)} h`;
}

const SUFFIXES: Readonly<Record<string, string>> = { ops: '/s', reqps: '/s', cpm: '/min' };

/** A value in one of Grafana's units, as short as it can be read. */
export function shownValue(value: number, unit: string, decimals?: number): string {
  if (unit === 's') return duration(value);
  if (unit === 'percentunit') return `${shortly(value * 100, decimals)} %`;
  return `${shortly(value, decimals)}${SUFFIXES[unit] ?? ''}`;
}
