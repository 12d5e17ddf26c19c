const ANSWERS = 'notify_http_seconds_count{route!~"/livez|/readyz|/metrics",instance=~"$instance"}';
const perJob = (series: string): string => `sum by (job) (rate(${series}[5m]))`;

/** The query for the part of each app's answers that have such a status; 0 where none has it. */
export function shareOfAnswers(status: string): string {
  const some = perJob(ANSWERS.replace('{', `{status=~"${status}",`));
  return `(${some} or 0 * ${perJob(ANSWERS)}) / (${perJob(ANSWERS)} > 0)`;
}
