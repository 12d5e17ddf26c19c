import { Registry } from 'prom-client';
import { decodeOutcomes, encodeEvent, OUTCOMES_TOPIC } from '#events';
import { createOutcomeHistory, type Outcome, type RedisConnection } from '#redis';
import { keepOutcomes } from '../../apps/settings/src/outcomes/keep-outcomes.ts';
import { openBenchRedis } from './bench-servers.ts';
import type { Figures } from './figures.ts';
import type { Scene } from './scenario.ts';
import { median, rounded } from './statistics.ts';

/** Outcomes of a number in 30 days: three calls a day, of which two become mails and one is suppressed. */
const OF_A_NUMBER = 90;
const AT_ONCE = 1_000;
const START = Date.parse('2026-11-21T01:00:00Z');
const DOMAINS = ['docomo.ne.jp', 'ezweb.ne.jp', 'softbank.ne.jp', 'gmail.com', 'company.example.co.jp'];

/** Pseudo-random but reproducible text, so that the outcomes compress like real ones. */
const scatter = (seed: number): string => (Math.imul(seed + 1, 2_654_435_761) >>> 0).toString(36);
const uuid = (index: number): string =>
  `${scatter(index).padStart(8, '0')}-${scatter(index + 7)
    .slice(0, 4)
    .padEnd(
      4,
      'a',
    )}-4${scatter(index + 9).slice(0, 3)}-9d54-${scatter(index + 3)}${scatter(index + 5)}`.slice(0, 36);

function typical(index: number, isMail = index % 3 !== 0): Outcome {
  const number = `03${String(Math.floor(index / OF_A_NUMBER)).padStart(8, '0')}`;
  const at = new Date(START + index * 977 + 9 * 3_600_000).toISOString().slice(0, 19);
  const address = `user.${scatter(Math.floor(index / OF_A_NUMBER))}@${DOMAINS[index % 2 ? 0 : index % DOMAINS.length]}`;
  const response = `250 2.0.0 Ok: queued as ${scatter(index)}${scatter(index + 1)}`;
  return {
    eventSource: '/switch/tokyo-1',
    eventId: uuid(index),
    sequence: 1,
    kind: 'call',
    number,
    lineNumber: number,
    at: `${at}+09:00`,
    reason: isMail ? 'notify' : 'answered',
    recipients: isMail ? [{ address, state: 'accepted', attempts: 1, response }] : [],
  };
}

/** Measures the Redis memory of an outcome, and how many outcomes a second are stored or filtered out. */
export async function history({ servers, size, report, say }: Scene): Promise<Figures> {
  const redis = await openBenchRedis(servers, 'bench-history:');
  say(`Keeping ${size.outcomes} outcomes`);
  const before = await usedMemory(redis);
  const keptPerSecond = await keep(redis, size.outcomes, typical);
  const bytes = ((await usedMemory(redis)) - before) / size.outcomes;
  await redis.close();
  const filtered: number[] = [];
  for (let round = 0; round < size.rounds; round += 1) filtered.push(await leaveOut(size.outcomes));
  const ofMillion = (bytes * OF_A_NUMBER * 1e6) / 1e9;
  report.add('history: memory of Redis for an outcome', [bytes], 'bytes', 1);
  report.add(`history: a million numbers with ${OF_A_NUMBER} outcomes each`, [ofMillion], 'GB', 1);
  report.add('history: outcomes kept', [keptPerSecond], 'events/s');
  report.add('history: outcomes left out (decoded, filtered)', filtered, 'events/s');
  return {
    history: {
      bytesPerOutcome: rounded(bytes, 1),
      millionNumbersGB: rounded(ofMillion, 1),
      keptPerSecond: rounded(keptPerSecond),
      leftOutPerSecond: rounded(median(filtered)),
    },
  };
}

async function keep(
  redis: RedisConnection,
  count: number,
  make: (index: number) => Outcome,
): Promise<number> {
  const outcomes = createOutcomeHistory(redis);
  const started = performance.now();
  for (let index = 0; index < count; index += AT_ONCE)
    await outcomes.keep(Array.from({ length: AT_ONCE }, (_, one) => make(index + one)));
  return (count / (performance.now() - started)) * 1000;
}

/** Keeps outcomes (thousands) that are all mails; resolves with the memory of Redis for one. */
export async function bytesOfMailed(redis: RedisConnection, count: number): Promise<number> {
  const before = await usedMemory(redis);
  await keep(redis, count, (index) => typical(index, true));
  return ((await usedMemory(redis)) - before) / count;
}

/** Measures decoding and filtering, without the reading from Kafka. */
async function leaveOut(count: number): Promise<number> {
  const items = Array.from({ length: AT_ONCE }, (_, index) => ({
    ...typical(index),
    reason: index % 2 === 0 ? 'service-off' : 'unknown-number',
    recipients: [],
  }));
  const envelope = { source: '/denwa-notify', id: 'bench', time: START, key: null };
  const { value, headers } = encodeEvent({ ...envelope, type: 'outcomes.v1', data: { items } });
  const never = (): Promise<never> => Promise.reject(new Error('nothing was to be kept'));
  const take = keepOutcomes({
    history: { keep: never },
    evictor: { hasMemory: never },
    registry: new Registry(),
  });
  const record = {
    topic: OUTCOMES_TOPIC,
    key: null,
    value,
    headers,
    timestamp: START,
    partition: 0,
    offset: '0',
  };
  const started = performance.now();
  for (let done = 0; done < count; done += AT_ONCE) {
    const read = decodeOutcomes(record);
    if (read.ok) await take(read.value.items);
  }
  return (count / (performance.now() - started)) * 1000;
}

/** The memory that the data of a Redis takes, bytes. */
export async function usedMemory({ client }: RedisConnection): Promise<number> {
  if ('nodes' in client) throw new TypeError('expected one Redis');
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}
