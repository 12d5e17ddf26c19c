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
