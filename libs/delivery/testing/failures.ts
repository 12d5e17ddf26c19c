import type { SendResult } from '#mail';

/** The mail server refuses a mail temporarily. */
export function later(): SendResult {
  return { kind: 'later', response: '451 4.3.0 try later', code: '451' };
}

/** The mail server refuses a mail for good. */
export function never(): SendResult {
  return { kind: 'never', response: '550 5.1.1 no such user', code: '550', cause: 'address' };
}

/** The mail server cannot be reached. */
export function smtpUnavailable(): SendResult {
  return { kind: 'unavailable', error: new Error('connect refused') };
}

/** As libs/redis says that Redis does not answer. */
export function redisUnavailable(): Error {
  return Object.assign(new Error('unavailable'), { code: 'REDIS_UNAVAILABLE', retryable: true });
}

/** As libs/kafka says that Kafka does not answer. */
export function kafkaUnavailable(): Error {
  return Object.assign(new Error('unavailable'), { code: 'unacknowledged', retryable: true });
}

/** A bug. */
export function boom(): never {
  throw new TypeError('boom');
}
