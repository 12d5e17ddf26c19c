/** What one cannot measure before the system runs, and should change to what is known. */
export interface Assumptions {
  /** Telephone numbers whose calls the switch reports. */
  readonly numbers: number;
  readonly callsPerDay: number;
  /** The busiest hour's part of a day's calls. */
  readonly busyHourShare: number;
  /** The busiest minute's rate by the mean of the busiest hour. */
  readonly peakFactor: number;
  /** The part of the numbers that have a notice. */
  readonly noticeShare: number;
  /** Mails for each call of such a number. */
  readonly mailsPerCall: number;
  /** Pages of the site for each such number in a month, and how many of them are a login. */
  readonly pagesPerMonth: number;
  /** Copies of each record in Kafka, and of each Redis master: itself and its replica. */
  readonly kafkaCopies: number;
  readonly redisCopies: number;
  readonly historyDays: number;
  /** How busy a process, a core of Redis or a disk may be at the peak. */
  readonly utilisation: number;
  /** Availability zones, one of which may be away at the peak. */
  readonly zones: number;
}

/** One that can be given on the command line. */
interface Assumption {
  readonly name: keyof Assumptions;
  readonly flag: string;
  readonly usual: number;
  readonly text: string;
}

/** Each assumption with its usual value. */
export const ASSUMPTIONS: readonly Assumption[] = [
  { name: 'numbers', flag: 'numbers', usual: 1_000_000, text: 'telephone numbers' },
  { name: 'callsPerDay', flag: 'calls-per-day', usual: 3, text: 'calls for each number in a day' },
  { name: 'busyHourShare', flag: 'busy-hour-share', usual: 0.12, text: "the busiest hour's part of a day" },
  { name: 'peakFactor', flag: 'peak-factor', usual: 2, text: "the busiest minute by that hour's mean" },
  { name: 'noticeShare', flag: 'notice-share', usual: 0.3, text: 'the part of the numbers with a notice' },
  { name: 'mailsPerCall', flag: 'mails-per-call', usual: 0.8, text: 'mails for each call of such a number' },
  { name: 'pagesPerMonth', flag: 'pages-per-month', usual: 10, text: 'pages of the site for it in a month' },
  { name: 'kafkaCopies', flag: 'kafka-copies', usual: 3, text: 'copies of each record in Kafka' },
  { name: 'redisCopies', flag: 'redis-copies', usual: 2, text: 'a Redis master with its replicas' },
  { name: 'historyDays', flag: 'history-days', usual: 30, text: 'days of the history' },
  { name: 'utilisation', flag: 'utilisation', usual: 0.5, text: 'how busy a process may be at the peak' },
  { name: 'zones', flag: 'zones', usual: 3, text: 'availability zones, of which one may be away' },
];

/** The usual assumptions, with some of them changed. */
export function assuming(changed: Partial<Assumptions>): Assumptions {
  const usual = Object.fromEntries(ASSUMPTIONS.map(({ name, usual: value }) => [name, value]));
  return { ...(usual as unknown as Assumptions), ...changed };
}
