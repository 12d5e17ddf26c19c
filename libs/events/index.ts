export { ACCESS_KINDS, ACCESS_LIFE_MS, isAccessMail } from './event.ts';
export type {
  AccessKind,
  AccessMailEvent,
  CallEvent,
  CallOutcome,
  DecodeResult,
  EventBase,
  EventKind,
  FaultEvent,
  FaxEvent,
  NotifyEvent,
  Party,
  Problem,
  RawRecord,
  WithheldReason,
} from './event.ts';
export {
  DEAD_LETTER_TOPIC,
  IN_ORDER_TOPICS,
  isRetryTopic,
  LANE_TOPICS,
  OUTCOMES_TOPIC,
  RETRY_TOPICS,
  SOURCE_TOPICS,
  sourcesOf,
  SWITCH_COMMANDS_TOPIC,
  TOPIC_NAMES,
  TOPICS,
} from './topics.ts';
export type {
  EventFamily,
  Lane,
  RetryTopic,
  SourceTopic,
  TopicDefinition,
  TopicName,
  TopicRole,
} from './topics.ts';
export { EVENT_SCHEMAS, TOPIC_OF_TYPE, typesIn } from './event-types.ts';
export type { EventData, EventType, NotifyType } from './event-types.ts';
export { decode, decodeBulkTransfer, decodeOutcomes } from './decode.ts';
export type { ReadResult } from './decode.ts';
export type { BulkTransfer, Outcomes } from './bodies.ts';
export { isJsonType } from './cloud-event.ts';
export { cloudEventHeaders } from './cloud-event-headers.ts';
export { bareRecord } from './bare-record.ts';
export type { BareRecord } from './bare-record.ts';
export { encodeEvent } from './encode-event.ts';
export type { EncodedEvent, EventToSend } from './encode-event.ts';
export { open, openSecret, seal, SECRET_FIELDS, secretSchema } from './seal.ts';
export type { OpenProblem, OpenResult, SealKey, Secret } from './seal.ts';
export { formsOf, maskSecrets } from './secret-forms.ts';
export { compileCheck } from './event-reader.ts';
export { nationalNumber } from './fields.ts';
export { parseRfc3339 } from './rfc3339-time.ts';
