import { KafkaError } from '#kafka';
import type { AskedServer } from '#operations';
import type { Outage } from '#pages';
import { RedisError } from '#redis';

/** A server did not answer in time, or one was asked whose errors do not say which it is. */
export class ServerAway extends Error {
  override readonly name = 'ServerAway';
  readonly code: 'no-answer' | 'away';
  readonly retryable = true;
  readonly server: AskedServer;

  constructor(server: AskedServer, why: { readonly cause: unknown } | { readonly seconds: number }) {
    const isLate = 'seconds' in why;
    super(`${server}: ${isLate ? `no answer within ${why.seconds} s` : 'not available'}`, {
      ...(!isLate && { cause: why.cause }),
    });
    this.code = isLate ? 'no-answer' : 'away';
    this.server = server;
  }
}

/** Which server is away when a request failed with this error, as far as the error says so, and how it ends. */
export function outageOf(error: unknown): Outage & { readonly server?: AskedServer } {
  if (error instanceof ServerAway) return { ...outageOf(error.cause), server: error.server };
  if (error instanceof RedisError)
    return { server: 'Redis', needsPerson: error.code === 'REDIS_REFUSES_WRITES' };
  // Too much waits for Kafka, which takes nothing.
  const isUntold = error instanceof Error && 'code' in error && error.code === 'actions-untold';
  if (isUntold || error instanceof KafkaError) return { server: 'Kafka', needsPerson: false };
  return { needsPerson: false };
}
