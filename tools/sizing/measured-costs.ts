/** What things cost, as measured (docs/performance.md and `npm run bench -- --only storage`); bytes and CPU seconds. */
export const MEASURED_COSTS = {
  /** A decided event whose number's settings are new to the process: growth, 1,000,000 numbers. */
  cpuPerDecided: 21.7e-6,
  /** A mail from Kafka to its outcome: growth, one recipient per call. */
  cpuPerMail: 322e-6,
  /** Redis' own part of a mail, on a cluster. */
  redisCpuPerMail: 139e-6,
  /** A number with its line and a notice of two recipients. */
  redisBytesPerNumber: 769,
  redisBytesPerMail: 436,
  historyBytesPerOutcome: 127,
  /** Outcomes that a settings API stores in a second, the least that was measured. */
  historyKeptPerSecond: 6_200,
  kafkaBytesPerCall: 351,
  kafkaBytesPerMailOutcome: 322,
  kafkaBytesPerOutcome: 210,
  /** As in the bench. */
  bytesPerMail: 7_057,
  cpuPerPage: 0.56e-3,
  /** 105 logins a second on two cores that they shared. */
  cpuPerLogin: 19e-3,
  /** The most that a notifier took, on any load. */
  notifierMegabytes: 400,
} as const;
