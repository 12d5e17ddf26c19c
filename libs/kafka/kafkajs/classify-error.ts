import { KafkaError } from './kafka-error.ts';

/** Protocol errors that the same send meets for ever; all the others end with a new leader or a broker's return. */
const FINAL = new Set(['INVALID_TOPIC_EXCEPTION', 'INVALID_RECORD', 'INVALID_TIMESTAMP', 'POLICY_VIOLATION']);

const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** What kafkajs wraps a bug of ours in would be retried for ever otherwise. */
const BUGS = new Set(['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError']);

/** SASL: wrong credentials, or a mechanism that the broker does not offer. */
const REFUSED_LOGINS = new Set(['KafkaJSSASLAuthenticationError']);

/** Turns whatever a kafkajs call threw into a `KafkaError`. Never throws. */
export function classifyError(thrown: unknown): KafkaError {
  if (thrown instanceof KafkaError) return thrown;
  const root = rootOf(thrown);
  const type = textOf(root, 'type');
  const message = `Kafka: ${type === '' ? textOf(root, 'message') || String(root) : type}`;
  if (TOO_LARGE.has(type)) return new KafkaError('too-large', message, { retryable: false, cause: thrown });
  if (type.endsWith('_AUTHORIZATION_FAILED') || REFUSED_LOGINS.has(textOf(root, 'name'))) {
    return new KafkaError('not-authorized', message, { retryable: false, cause: thrown });
  }
  const final = FINAL.has(type) || BUGS.has(textOf(root, 'name'));
  return new KafkaError('kafka', message, { retryable: !final, cause: thrown });
}

/** The first error: kafkajs wraps it once for every layer that gave up. */
function rootOf(thrown: unknown): unknown {
  let error = thrown;
  for (let depth = 0; depth < 10; depth++) {
    if (!(error instanceof Error) || error.cause === undefined || error.cause === null) break;
    error = error.cause;
  }
  return error;
}

function textOf(value: unknown, field: 'type' | 'name' | 'message'): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  return typeof text === 'string' ? text : '';
}
