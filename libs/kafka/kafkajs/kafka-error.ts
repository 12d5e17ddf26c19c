/** What went wrong with Kafka, as a closed list. */
export type KafkaErrorCode =
  /** Not acknowledged until the deadline or the abort; Kafka may have written some of it. */
  | 'unacknowledged'
  /** The topic takes no record that large. */
  | 'too-large'
  /** Kafka refuses these credentials, or the operation to them. */
  | 'not-authorized'
  /** A batch has been worked as long as it may. */
  | 'time-up'
  /** The publisher or the lane was closed. */
  | 'closed'
  /** Topics are missing or cannot hold the promise; the message has a line for each. */
  | 'topics-unfit'
  /** This process may have lost the partition: start nothing more. */
  | 'partition-lost'
  /** Anything else that kafkajs reports. */
  | 'kafka';

/** An error of Kafka's with what a caller has to know: its code, whether trying again later can help, its cause. */
export class KafkaError extends Error {
  readonly code: KafkaErrorCode;
  readonly retryable: boolean;

  constructor(
    code: KafkaErrorCode,
    message: string,
    options: { readonly retryable: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'KafkaError';
    this.code = code;
    this.retryable = options.retryable;
  }
}

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
