import type { GrafanaField } from '../grafana-panel.ts';
import type { DrawnSeries, Moments } from './ask-range.ts';
import { shownValue } from './shown-value.ts';

/** Colours that are told apart by everybody (after Okabe and Ito), the first for the largest series. */
const COLORS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#7a5195', '#8a8f98'];
const THRESHOLD_COLORS: Readonly<Record<string, string>> = { yellow: '#e0a800', red: '#d13438' };
const MARGIN = { left: 52, right: 8, top: 8, bottom: 20 };
const MOST = COLORS.length;

interface Area {
  readonly width: number;
  readonly height: number;
}

interface Scale {
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
}

/**
 * Lines over time with axes and a legend, as HTML. The largest series are drawn, those at 0 only where all are; the
 * legend says how many are left.
 */
export function drawLines(
  series: readonly DrawnSeries[],
  field: GrafanaField,
  moments: Moments,
  area: Area,
): string {
  const sorted = series.toSorted((one, other) => peak(other) - peak(one));
  const above = sorted.filter((one) => peak(one) > 0);
  const drawn = above.length > 0 ? above.slice(0, MOST) : sorted.slice(0, 3);
  const isStacked = field.custom.stacking?.mode === 'normal';
  const layers = isStacked ? stacked(drawn) : drawn.map(({ values }) => values);
  const top =
    field.max ??
    niceTop(Math.max(0, ...layers.flatMap((values) => values.map((value) => value ?? 0))), field.unit);
  const scale = scaleOf(area, top, layers[0]?.length ?? 1);
  // The last layer lies behind the others.
  const paths = layers
    .map((values, index) => pathOf(values, scale, { color: COLORS[index] ?? '', isStacked }))
    .toReversed();
  return `<svg viewBox="0 0 ${area.width} ${area.height}" width="${area.width}" height="${area.height}">
${axes(field, moments, area, { scale, top })}${paths.join('')}${limits(field, area, { scale, top })}</svg>
<p class="legend">${legend(drawn, { above: above.length, all: sorted.length })}</p>`;
}

const peak = ({ values }: DrawnSeries): number => Math.max(0, ...values.map((value) => value ?? 0));

/** Each layer with those before it below. */
function stacked(series: readonly DrawnSeries[]): (number | null)[][] {
  const sums = (series[0]?.values ?? []).map(() => 0);
  return series.map(({ values }) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return sums[index];
    }),
  );
}

const MINUTES_S = [120, 300, 600, 1_200, 1_800, 3_600, 7_200];

/** The next of 1, 2, 5, 10, … that is not below; of seconds the next round minutes. */
function niceTop(value: number, unit: string): number {
  if (value <= 0) return 1;
  const minutes = MINUTES_S.find((seconds) => seconds >= value);
  if (unit === 's' && value > 60 && minutes !== undefined) return minutes;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function scaleOf({ width, height }: Area, top: number, count: number): Scale {
  const inner = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  return {
    x: (index) => MARGIN.left + (inner.width * index) / Math.max(1, count - 1),
    y: (value) => MARGIN.top + inner.height * (1 - Math.min(value, top) / top),
  };
}

function pathOf(
  values: readonly (number | null)[],
  { x, y }: Scale,
  { color, isStacked }: { readonly color: string; readonly isStacked: boolean },
): string {
  let isDown = false;
  let line = '';
  values.forEach((value, index) => {
    if (value !== null) line += `${isDown ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    isDown = value !== null;
  });
  const last = values.length - 1;
  const fill = `<path class="under" d="${line}L${x(last)} ${y(0)}L${x(0)} ${y(0)}Z" fill="${color}"/>`;
  return `${isStacked && line !== '' ? fill : ''}<path class="line" d="${line}" stroke="${color}"/>`;
}

interface Drawing {
  readonly scale: Scale;
  readonly top: number;
}

function axes(
  { unit }: GrafanaField,
  { from, to, step }: Moments,
  { width, height }: Area,
  drawing: Drawing,
): string {
  const { scale, top } = drawing;
  const across = [0, 0.5, 1].map((part) => {
    const at = scale.y(part * top);
    return `<path class="grid" d="M${MARGIN.left} ${at}H${width - MARGIN.right}"/><text x="${MARGIN.left - 6}" y="${at + 4}" text-anchor="end">${shownValue(part * top, unit)}</text>`;
  });
  const ticks = [0, 1, 2, 3].map((part) => {
    const moment = from + ((to - from) * part) / 3;
    const anchor = part === 0 ? 'start' : part === 3 ? 'end' : 'middle';
    return `<text x="${scale.x((moment - from) / step)}" y="${height - 4}" text-anchor="${anchor}">${clock(moment)}</text>`;
  });
  return [...across, ...ticks].join('');
}

function clock(moment: number): string {
  const options = { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Tokyo' } as const;
  return new Date(moment * 1_000).toLocaleTimeString('ja-JP', options);
}

/** The thresholds, where they are within what is drawn. */
function limits({ thresholds }: GrafanaField, { width }: Area, { scale, top }: Drawing): string {
  return thresholds.steps
    .flatMap(({ value, color }) => {
      if (value === null || value > top || value <= 0) return [];
      return [
        `<path class="limit" stroke="${THRESHOLD_COLORS[color] ?? ''}" d="M${MARGIN.left} ${scale.y(value)}H${width - MARGIN.right}"/>`,
      ];
    })
    .join('');
}

interface Counts {
  readonly above: number;
  readonly all: number;
}

function legend(drawn: readonly DrawnSeries[], { above, all }: Counts): string {
  const names = drawn.map(
    ({ name }, index) => `<span><i style="background:${COLORS[index] ?? ''}"></i>${name}</span>`,
  );
  const left = Math.max(0, above - drawn.length);
  const atZero = all - above - (above > 0 ? 0 : drawn.length);
  const rest = [left > 0 && `and ${left} more`, atZero > 0 && `${atZero} more at 0`];
  return [...names, ...rest.flatMap((text) => (text === false ? [] : [`<span>${text}</span>`]))].join('');
}
