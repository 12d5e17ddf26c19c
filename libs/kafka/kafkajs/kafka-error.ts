/** Everything that can go wrong with Kafka, as far as callers distinguish it. */
export type KafkaErrorCode =
  /** Not acknowledged before the deadline or the abort; Kafka may have written some of the records. */
  | 'unacknowledged'
  /** The record is larger than the topic allows. */
  | 'too-large'
  /** Kafka refuses the credentials, or does not authorize them for the operation. */
  | 'not-authorized'
  /** A batch was not processed within its time limit. */
  | 'time-up'
  /** The publisher or the consumer was closed. */
  | 'closed'
  /** Topics are missing, or are configured so that records could be lost; the message has a line for each reason. */
  | 'topics-unfit'
  /** Another consumer may have the partition now: start nothing more. */
  | 'partition-lost'
  /** Any other error of kafkajs. */
  | 'kafka';

/** An error of Kafka: its code, whether the same call may succeed later, and its cause. */
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

/** Protocol errors that repeat with every send of the same records. All others are temporary. */
const FINAL = new Set(['INVALID_TOPIC_EXCEPTION', 'INVALID_RECORD', 'POLICY_VIOLATION']);

/** What has to be put right, where the name of a protocol error does not say it. */
const EXPECTED: Readonly<Record<string, string>> = {
  // We give every record the time of its sending, so it is never the record's fault.
  INVALID_TIMESTAMP:
    'expected a clock here that is at most log.message.timestamp.after.max.ms (1 h) ahead of that of the broker',
};

const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** Bugs in our code, which kafkajs wraps in its own errors. Otherwise they would be retried forever. */
const BUGS = new Set(['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError']);

/** SASL: wrong credentials, or a mechanism that the broker does not offer. */
const REFUSED_LOGINS = new Set(['KafkaJSSASLAuthenticationError']);
/** kafkajs says the same of a connection that ended during the login, which proves nothing about the credentials. */
const LOST_CONNECTION = /closed connection|connection (?:error|timeout)|timed out|disconnected/i;

/** What Node.js says of a certificate that it does not trust, and of a server that speaks no TLS. */
const TLS_CODE = /CERT|TLS|SSL|SIGNATURE|^EPROTO$/;
const TLS_TEXT = /secure TLS connection/;

const EXPECTED_CERTIFICATE =
  'expected a certificate of this name, in date, of an authority that Node.js or NODE_EXTRA_CA_CERTS knows';

/** Turns anything that a kafkajs call threw into a `KafkaError`. Never throws. */
export function classifyError(thrown: unknown): KafkaError {
  if (thrown instanceof KafkaError) return thrown;
  const root = rootOf(thrown);
  const type = textOf(root, 'type');
  const refusal = refusedConnection(root, thrown);
  if (refusal) return refusal;
  const said = type === '' ? textOf(root, 'message') || String(root) : type;
  const expected = EXPECTED[type];
  const message = expected === undefined ? `Kafka: ${said}` : `Kafka: ${said}, ${expected}`;
  if (TOO_LARGE.has(type)) return new KafkaError('too-large', message, { retryable: false, cause: thrown });
  if (type.endsWith('_AUTHORIZATION_FAILED')) {
    return new KafkaError('not-authorized', message, { retryable: false, cause: thrown });
  }
  const final = FINAL.has(type) || BUGS.has(textOf(root, 'name'));
  return new KafkaError('kafka', message, { retryable: !final, cause: thrown });
}

/** Classifies an error; where Kafka refuses for want of a right, its message says which one is expected. */
export function classifyWanting(right: string, thrown: unknown): KafkaError {
  const error = classifyError(thrown);
  if (!error.message.endsWith('_AUTHORIZATION_FAILED')) return error;
  const message = `${error.message}, expected a user who may ${right}`;
  return new KafkaError('not-authorized', message, { retryable: false, cause: error.cause });
}

/** A broker that we do not trust may have another certificate soon; one that refuses our login asks for a person. */
function refusedConnection(root: unknown, cause: unknown): KafkaError | undefined {
  const said = textOf(root, 'message').replace(/^Connection error: /, '');
  if (TLS_CODE.test(textOf(root, 'code')) || TLS_TEXT.test(said)) {
    const message = `Kafka at ${textOf(root, 'broker')}: TLS failed (${EXPECTED_CERTIFICATE}): ${said}`;
    return new KafkaError('kafka', message, { retryable: true, cause });
  }
  if (!REFUSED_LOGINS.has(textOf(root, 'name')) || LOST_CONNECTION.test(said)) return undefined;
  const expected =
    'expected KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD as the brokers of KAFKA_BROKERS have them';
  return new KafkaError('not-authorized', `Kafka refuses the login (${expected}): ${said}`, {
    retryable: false,
    cause,
  });
}

/** The original error, which every layer of kafkajs that gave up has wrapped once more. */
function rootOf(thrown: unknown): unknown {
  let error = thrown;
  for (let depth = 0; depth < 10; depth++) {
    if (!(error instanceof Error) || error.cause === undefined || error.cause === null) break;
    error = error.cause;
  }
  // Of topics that could not be created there is an error each.
  const all: unknown = error instanceof Error ? Reflect.get(error, 'errors') : undefined;
  return Array.isArray(all) && all.length > 0 ? (all[0] as unknown) : error;
}

function textOf(value: unknown, field: 'type' | 'name' | 'message' | 'code' | 'broker'): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  return typeof text === 'string' ? text : '';
}
