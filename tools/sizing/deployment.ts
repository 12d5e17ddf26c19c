import { TOPICS } from '#events';
import type { Assumptions } from './assumptions.ts';
import { MEASURED_COSTS as COST } from './measured-costs.ts';

const DAY_S = 86_400;
const DAY_MS = 86_400_000;
const MONTH_S = 30 * DAY_S;
/** The deadline of a call's mail (6 h) and a day: how long its entry stays in the ledger. */
const LEDGER_DAYS = 1.25;
/** What a broker takes in from everybody, its copies of others' records included. */
const BROKER_BYTES_PER_SECOND = 50e6;
/** A disk that is read again after an outage, and a Redis that forks to write its file. */
const BROKER_DISK_BYTES = 2e12;
const SHARD_BYTES = 16e9;
/** A login for each so many pages. */
const PAGES_PER_LOGIN = 5;
/** A part of the mails is refused for now and tried again in the retry lane. */
const RETRIED_SHARE = 0.02;
/** So many partitions are created without further thought. */
const DOZEN = 12;

/** What is to be set up; rates by the second at the peak, sizes in bytes. */
export interface Deployment {
  readonly callsPerSecond: number;
  readonly mailsPerSecond: number;
  readonly mailBitsPerSecond: number;
  readonly mainNotifiers: number;
  readonly retryNotifiers: number;
  readonly accessNotifiers: number;
  readonly notifierMegabytes: number;
  readonly partitions: number;
  readonly brokers: number;
  readonly brokerDiskBytes: number;
  readonly brokerBytesPerSecond: number;
  readonly redisShards: number;
  readonly redisShardBytes: number;
  readonly historyShards: number;
  readonly historyShardBytes: number;
  readonly settingsApis: number;
  readonly sites: number;
}

/** Computes a deployment; every figure is what is needed with one zone away. */
export function deploymentFor(given: Assumptions): Deployment {
  const load = loadOf(given);
  const notifiers = notifiersFor(given, load);
  const { mainNotifiers } = notifiers;
  // The same number for each process: see docs/sizing.md.
  const partitions = mainNotifiers * Math.max(2, Math.ceil(DOZEN / mainNotifiers));
  return {
    ...load.rates,
    ...notifiers,
    partitions,
    ...kafkaFor(given, load),
    ...redisFor(given, load),
    ...sitesFor(given, load),
  };
}

interface Load {
  readonly rates: Pick<Deployment, 'callsPerSecond' | 'mailsPerSecond' | 'mailBitsPerSecond'>;
  readonly noticed: number;
  readonly callsPerDay: number;
  readonly mailsPerDay: number;
  /** Outcomes that the history keeps. */
  readonly keptPerDay: number;
  /** From a day's sum to the rate of the busiest minute. */
  readonly peak: (perDay: number) => number;
}

function loadOf({
  numbers,
  callsPerDay,
  busyHourShare,
  peakFactor,
  noticeShare,
  mailsPerCall,
}: Assumptions): Load {
  const noticed = numbers * noticeShare;
  const mailsPerDay = noticed * callsPerDay * mailsPerCall;
  const peak = (perDay: number): number => (perDay * busyHourShare * peakFactor) / 3_600;
  const mailsPerSecond = peak(mailsPerDay);
  const rates = {
    callsPerSecond: peak(numbers * callsPerDay),
    mailsPerSecond,
    mailBitsPerSecond: mailsPerSecond * COST.bytesPerMail * 8,
  };
  return {
    rates,
    noticed,
    callsPerDay: numbers * callsPerDay,
    mailsPerDay,
    keptPerDay: noticed * callsPerDay,
    peak,
  };
}

/** So many that they are not too busy when those of one zone are away; the same number in each zone. */
function inEveryZone({ utilisation, zones }: Assumptions, cores: number): number {
  const left = Math.ceil(cores / utilisation / Math.max(zones - 1, 1));
  return Math.max(left, 1) * zones;
}

function notifiersFor(
  given: Assumptions,
  { rates: { callsPerSecond, mailsPerSecond } }: Load,
): Pick<Deployment, 'mainNotifiers' | 'retryNotifiers' | 'accessNotifiers' | 'notifierMegabytes'> {
  const cores = callsPerSecond * COST.cpuPerDecided + mailsPerSecond * COST.cpuPerMail;
  return {
    mainNotifiers: inEveryZone(given, cores),
    retryNotifiers: inEveryZone(given, mailsPerSecond * RETRIED_SHARE * COST.cpuPerMail),
    accessNotifiers: inEveryZone(given, loginsPerSecond(given) * COST.cpuPerMail),
    notifierMegabytes: COST.notifierMegabytes,
  };
}

function kafkaFor(
  { kafkaCopies, utilisation, zones }: Assumptions,
  { callsPerDay, mailsPerDay, peak }: Load,
): Pick<Deployment, 'brokers' | 'brokerDiskBytes' | 'brokerBytesPerSecond'> {
  const perDay = (calls: number, mails: number): number =>
    calls * COST.kafkaBytesPerCall +
    Math.max(calls - mails, 0) * COST.kafkaBytesPerOutcome +
    mails * COST.kafkaBytesPerMailOutcome;
  const bytes = perDay(callsPerDay, mailsPerDay) * kafkaCopies;
  const days = TOPICS['call-events'].retentionMs / DAY_MS;
  const [disk, flow] = [(bytes * days) / utilisation, peak(bytes) / utilisation];
  const needed = Math.max(disk / BROKER_DISK_BYTES, flow / BROKER_BYTES_PER_SECOND, kafkaCopies);
  const brokers = Math.ceil(needed / zones) * zones;
  return { brokers, brokerDiskBytes: disk / brokers, brokerBytesPerSecond: peak(bytes) / brokers };
}

function redisFor(
  { historyDays, utilisation }: Assumptions,
  { noticed, mailsPerDay, keptPerDay, rates }: Load,
): Pick<Deployment, 'redisShards' | 'redisShardBytes' | 'historyShards' | 'historyShardBytes'> {
  const kept = noticed * COST.redisBytesPerNumber + mailsPerDay * LEDGER_DAYS * COST.redisBytesPerMail;
  const history = keptPerDay * historyDays * COST.historyBytesPerOutcome;
  const cores = (rates.mailsPerSecond * COST.redisCpuPerMail) / utilisation;
  const redisShards = shards(kept, cores);
  const historyShards = shards(history, 0);
  return {
    redisShards,
    redisShardBytes: kept / redisShards,
    historyShards,
    historyShardBytes: history / historyShards,
  };
}

/** One, or at least three: a cluster has no fewer masters. */
function shards(bytes: number, cores: number): number {
  const needed = Math.ceil(Math.max(bytes / SHARD_BYTES, cores));
  return needed <= 1 ? 1 : Math.max(needed, 3);
}

function loginsPerSecond({
  numbers,
  noticeShare,
  pagesPerMonth,
  busyHourShare,
  peakFactor,
}: Assumptions): number {
  const perDay = (numbers * noticeShare * pagesPerMonth * DAY_S) / MONTH_S / PAGES_PER_LOGIN;
  return (perDay * busyHourShare * peakFactor) / 3_600;
}

function sitesFor(
  given: Assumptions,
  { keptPerDay, peak }: Load,
): Pick<Deployment, 'settingsApis' | 'sites'> {
  const logins = loginsPerSecond(given);
  const cores = logins * COST.cpuPerLogin + logins * PAGES_PER_LOGIN * COST.cpuPerPage;
  return {
    settingsApis: inEveryZone(given, peak(keptPerDay) / COST.historyKeptPerSecond),
    sites: inEveryZone(given, cores),
  };
}
