import type { Sample } from './measured-notifier.ts';

interface Point {
  readonly seconds: number;
  readonly rate: number;
}

interface Line {
  readonly name: string;
  readonly points: readonly Point[];
}

const WIDTH = 960;
const HEIGHT = 420;
const LEFT = 70;
const BOTTOM = 40;
const TOP = 30;
const COLOURS = ['#1b6ac9', '#c2410c', '#15803d', '#7e22ce', '#b91c1c', '#0f766e'];
/** Rates are averaged over this many samples, because single ones jump with the batches. */
const OVER = 5;

/** Draws the rates of runs over time as an SVG. */
export class Chart {
  private readonly lines: Line[] = [];

  add(name: string, samples: readonly Sample[]): void {
    const begun = samples.filter(({ settled }) => settled > 0);
    const start = begun[0]?.at ?? 0;
    const points = begun.slice(OVER).map((sample, index) => {
      const before = begun[index] ?? sample;
      const rate = ((sample.settled - before.settled) / (sample.at - before.at)) * 1000;
      return { seconds: (sample.at - start) / 1000, rate };
    });
    if (points.length > 0) this.lines.push({ name, points });
  }

  toSvg(): string {
    const all = this.lines.flatMap(({ points }) => points);
    const longest = Math.max(1, ...all.map(({ seconds }) => seconds));
    const highest = Math.max(1, ...all.map(({ rate }) => rate)) * 1.05;
    const x = (seconds: number): number => LEFT + (seconds / longest) * (WIDTH - LEFT - 20);
    const y = (rate: number): number => HEIGHT - BOTTOM - (rate / highest) * (HEIGHT - BOTTOM - TOP);
    const paths = this.lines.map(({ name, points }, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const path = points
        .map(({ seconds, rate }) => `${x(seconds).toFixed(1)},${y(rate).toFixed(1)}`)
        .join(' ');
      const label = `<text x="${LEFT + 10 + index * 170}" y="18" fill="${colour}">${name}</text>`;
      return `${label}<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>`;
    });
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
      `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
      ...[0, 0.25, 0.5, 0.75, 1].map((part) => gridLine(y(highest * part), highest * part)),
      ...[0, 0.25, 0.5, 0.75, 1].map((part) => tick(x(longest * part), longest * part)),
      ...paths,
      '</svg>\n',
    ].join('\n');
  }
}

function gridLine(y: number, rate: number): string {
  const label = Math.round(rate).toLocaleString('en');
  return `<line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y}" y2="${y}" stroke="#ddd"/><text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${label}</text>`;
}

function tick(x: number, seconds: number): string {
  return `<text x="${x}" y="${HEIGHT - 14}" text-anchor="middle">${seconds.toFixed(1)} s</text>`;
}
