import { DEAD_LETTER_REASONS } from '#delivery';
import { HANDLINGS } from '#kafka';

const TEXT = { type: 'string' };
const ATTRIBUTE = { type: 'string', minLength: 1, maxLength: 1024 };
const DATE_TIME = { type: 'string', format: 'date-time' };

/** A malformed one counts as absent, and makes no event malformed. */
const TRACEPARENT = {
  ...TEXT,
  description:
    'CloudEvents’ Distributed Tracing extension, W3C Trace Context: passed on to all that follows from the event',
};
const ORIGIN = {
  'orig-topic': { ...TEXT, description: 'As it is in Kafka, with its prefix' },
  'orig-partition': TEXT,
  'orig-offset': TEXT,
  'orig-timestamp': { ...TEXT, description: 'Epoch milliseconds' },
};

/** JSON Schemas of record headers; retries and dead letters have theirs in addition to the event's own. */
export const RECORD_HEADERS = {
  'cloud-event': {
    description: 'CloudEvents 1.0 in Kafka’s binary mode; structured mode is accepted too',
    type: 'object',
    required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'content-type'],
    properties: {
      ce_specversion: { const: '1.0' },
      ce_id: { ...ATTRIBUTE, description: 'With ce_source it says which event it is' },
      ce_source: ATTRIBUTE,
      ce_type: TEXT,
      ce_time: DATE_TIME,
      'content-type': { const: 'application/json' },
      ce_traceparent: TRACEPARENT,
      ce_tracestate: { ...TEXT, description: 'W3C Trace Context; passed on with ce_traceparent' },
      traceparent: {
        ...TEXT,
        description:
          'As instrumented producers write it: taken when there is no ce_traceparent. tracestate likewise',
      },
      replay: {
        ...TEXT,
        description: 'Of a record that the operator replayed: the `dlq-id` of its dead letter',
      },
    },
  },
  sequence: {
    description: 'CloudEvents’ extension',
    type: 'object',
    required: ['ce_sequence'],
    properties: {
      ce_sequence: {
        type: 'string',
        pattern: String.raw`^\d{16}$`,
        description:
          'An older record may come after a newer one: of a key and a ce_type, the highest counts. Of a line’s ' +
          'commands because of `subscriber` it is their order, too',
      },
    },
  },
  retry: {
    type: 'object',
    properties: {
      'retry-not-before': { ...TEXT, description: 'Epoch milliseconds' },
      'retry-address': { ...TEXT, description: 'The recipient still to be reached' },
      'retry-attempts': { ...TEXT, description: 'How many were made' },
      'retry-event': { ...TEXT, description: 'The decision, as JSON' },
      'retry-error': { ...TEXT, description: 'Why it is tried again' },
      'retry-first-failure': DATE_TIME,
      ...ORIGIN,
    },
  },
  'dead-letter': {
    type: 'object',
    required: ['dlq-id', 'dlq-reason', 'dlq-error', 'dlq-attempts'],
    properties: {
      'dlq-id': { ...TEXT, description: 'The same for all that came of the same source record' },
      'dlq-reason': { type: 'string', enum: DEAD_LETTER_REASONS },
      'dlq-error': { ...TEXT, description: 'Without personal data' },
      'dlq-attempts': TEXT,
      'dlq-at': DATE_TIME,
      ...ORIGIN,
    },
  },
  'dead-letter-mark': {
    type: 'object',
    required: ['dlq-id', 'dlq-handled', 'dlq-at'],
    properties: {
      'dlq-id': { ...TEXT, description: 'Of the dead letter that waits no more, in the same partition' },
      'dlq-handled': { type: 'string', enum: HANDLINGS },
      'dlq-at': DATE_TIME,
    },
  },
} as const;
