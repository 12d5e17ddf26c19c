/** The sum of a metric's series in Prometheus' text format. */
export function sumOf(text: string, name: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(name) && /^[ {]/.test(line.slice(name.length)))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  }
  return sum;
}
