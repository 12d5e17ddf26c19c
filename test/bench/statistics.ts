/** The middle value; of an even count the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}

/** `median unit (minimum – maximum)`, in whole numbers. */
export function describeSpread(values: readonly number[], unit: string): string {
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  return `${whole(median(values))} ${unit}  (${whole(Math.min(...values))} – ${whole(Math.max(...values))})`;
}
