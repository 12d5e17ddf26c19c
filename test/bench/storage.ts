import pMap from 'p-map';
import type { LedgerEvent } from '#delivery';
import { encodeEvent } from '#events';
import { createLedger, type RedisConnection } from '#redis';
import { benchCall, benchNumber } from './call-load.ts';
import { openBenchRedis } from './bench-servers.ts';
import type { Figures } from './figures.ts';
import { sampleMail } from './mailing.ts';
import { bytesOfMailed, usedMemory } from './history.ts';
import { seedSettings } from './prepare.ts';
import type { Scene } from './scenario.ts';
import { rounded } from './statistics.ts';

const NUMBERS = 20_000;
const MAILS = 20_000;
/** 90 of a number, as in the history's own scenario. */
const MAILED = 45_000;
/** Above the numbers of all other scenarios. */
const FIRST = 40_000_000;
/** What Kafka adds to a record in a batch of many: lengths, offset and time deltas. */
const RECORD_BYTES = 12;
const HOUR_MS = 3_600_000;

/** Measures what a number's settings and a mail's ledger entry take in Redis, and a call and an outcome in Kafka. */
export async function storage({ servers, report, say }: Scene): Promise<Figures> {
  const keyPrefix = 'bench-storage:';
  const redis = await openBenchRedis(servers, keyPrefix);
  say(`Writing ${NUMBERS} numbers and ${MAILS} mails`);
  const numbers = Array.from({ length: NUMBERS }, (_, index) => benchNumber(FIRST + index));
  const bytesPerNumber = (await grown(redis, () => seedSettings(servers, numbers, 2))) / NUMBERS;
  const inLedger = (await grown(redis, () => writeMails(redis))) / MAILS;
  const inHistory = await bytesOfMailed(redis, MAILED);
  await redis.close();
  report.add('storage: memory of Redis for a number and its line', [bytesPerNumber], 'bytes', 0);
  report.add('storage: memory of Redis for a mail in the ledger', [inLedger], 'bytes', 0);
  report.add('storage: memory of Redis for a mailed event in the history', [inHistory], 'bytes', 0);
  const { length: callNoticeBytes } = sampleMail().message;
  report.add('a call notice, as it is sent', [callNoticeBytes], 'bytes', 0);
  report.add('storage: a call in Kafka, not compressed', [callBytes()], 'bytes', 0);
  report.add('storage: an outcome with a recipient in Kafka', [outcomeBytes(1)], 'bytes', 0);
  report.add('storage: an outcome without in Kafka', [outcomeBytes(0)], 'bytes', 0);
  return {
    redis: {
      bytesPerNumber: rounded(bytesPerNumber),
      bytesPerMail: rounded(inLedger + inHistory),
      bytesPerMailInLedger: rounded(inLedger),
      bytesPerMailInHistory: rounded(inHistory),
    },
    mail: { callNoticeBytes },
    kafka: {
      bytesPerCall: callBytes(),
      bytesPerMailOutcome: rounded(outcomeBytes(1)),
      bytesPerOutcome: rounded(outcomeBytes(0)),
    },
  };
}

async function grown(redis: RedisConnection, work: () => Promise<void>): Promise<number> {
  const before = await usedMemory(redis);
  await work();
  return (await usedMemory(redis)) - before;
}

/** Mails to one recipient as the notifier leaves them: claimed, begun, accepted, settled. */
async function writeMails(redis: RedisConnection): Promise<void> {
  const ledger = createLedger(redis);
  await pMap(
    Array.from({ length: MAILS }, (_, index) => index),
    async (index) => {
      const number = benchNumber(FIRST + index);
      const address = `${number}@example.jp`;
      const token = `storage-${index}`;
      const event = mailed(index, number, address);
      await ledger.claim({ event, token });
      await ledger.dataStarted(event, address, token);
      const response = `250 2.0.0 Ok: queued as 4bXy${index}`;
      await ledger.settle(
        await ledger.record(event, address, token, { state: 'accepted', attempts: 1, response }),
      );
    },
    { concurrency: 500 },
  );
}

function mailed(index: number, number: string, address: string): LedgerEvent {
  const at = Date.now();
  const name = { source: '/switch/tokyo-1', id: `c-20261121-${index}`, kind: 'call', brand: 'ntt-east' };
  const when = { at, deadline: at + 6 * HOUR_MS };
  return { ...name, ...when, number, lineNumber: number, reason: 'notify', recipients: [address] };
}

function callBytes(): number {
  const { key, value, headers } = benchCall('storage', 1, 'unanswered');
  return RECORD_BYTES + sizeOf(key) + sizeOf(value) + sizeOf(JSON.stringify(headers));
}

const sizeOf = (part: Buffer | string | null | undefined): number => Buffer.byteLength(part ?? '');

/** An outcome in a record with many others, whose envelope costs nothing then. */
function outcomeBytes(recipients: number): number {
  const number = benchNumber(FIRST);
  const item = {
    eventSource: '/switch/tokyo-1',
    eventId: 'c-20261121-000001',
    sequence: 1,
    kind: 'call',
    number,
    lineNumber: number,
    at: '2026-11-21T10:00:00+09:00',
    reason: recipients > 0 ? 'notify' : 'answered',
    recipients: Array.from({ length: recipients }, () => ({
      address: `${number}@example.jp`,
      state: 'accepted',
      attempts: 1,
      response: '250 2.0.0 Ok: queued as 4bXyZz12',
    })),
  };
  const items = Array.from({ length: 100 }, () => item);
  const envelope = { source: '/denwa-notify', id: 'bench', time: 0, key: null };
  return encodeEvent({ ...envelope, type: 'outcomes.v1', data: { items } }).value.length / items.length;
}
