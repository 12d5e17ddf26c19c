/** The sum of a metric's series in Prometheus' text format, of those with `label` (`name="value"`) when one is given. */
export function sumOf(text: string, name: string, label = ''): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(name) && /^[ {]/.test(line.slice(name.length)) && line.includes(label))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  }
  return sum;
}
