import { KafkaError } from '#kafka';
import type { Brands } from '#mail';
import { createActionLog } from '#operations';
import { createLogger } from '#platform';
import { RedisError } from '#redis';
import { memoryOutbox } from '../../../../libs/operations/testing/memory-outbox.ts';
import type { SettingsParts } from '../settings.module.ts';

const away = (): Promise<never> => Promise.reject(new RedisError('REDIS_UNAVAILABLE', 'reading: refused'));

const now = (): number => Date.parse('2026-11-21T01:00:00Z');

const REPOSITORY: SettingsParts['repository'] = {
  findLine: away,
  getLine: away,
  putLine: away,
  deleteLine: away,
  getNumber: away,
  getSection: away,
  putSection: away,
  getFaultNotice: away,
  putFaultNotice: away,
  getBulkTransfer: away,
  getCallNotices: away,
  putCallNotices: away,
  settleEdits: away,
  putBulkTransfer: away,
  isTold: away,
};

/** The parts of a settings API while every server behind it is away but the record of what operators do. What it logs is added to `log`, a line each. */
export function awayParts(log: string[]): SettingsParts {
  return {
    repository: REPOSITORY,
    accessStore: {
      read: away,
      change: away,
      remember: away,
      find: away,
      forget: away,
      withMessagesDue: away,
      noMessagesDue: away,
    },
    hasher: { hash: async () => '', verify: async () => false },
    brands: new Map([['ntt-east', {}]]) as unknown as Brands,
    sealKeys: [],
    publishAccessMail: () =>
      Promise.reject(new KafkaError('unacknowledged', 'no broker', { retryable: true })),
    sendCommand: () => Promise.reject(new KafkaError('unacknowledged', 'no broker', { retryable: true })),
    testMailLimits: { take: away },
    idempotencyKeys: { begin: away, finish: away },
    outcomeHistory: { keep: away, ofNumber: away, ofEvent: away },
    actionLog: createActionLog({ outbox: memoryOutbox(), now }),
    keepOutcomes: away,
    keepFaxes: away,
    logger: createLogger({
      app: 'settings',
      level: 'debug',
      destination: { write: (line) => void log.push(line) },
    }),
    now,
  };
}
