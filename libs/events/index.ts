export { EVENT_KINDS, EVENT_TYPES, isAccessMail, NOTIFY_TYPES, typesIn } from './event-types.ts';
export type { EventData, EventKind, EventType, NotifyEvent, NotifyType } from './event-types.ts';
export type { Problem, RawRecord } from './event.ts';
export { ACCESS_MAILS, accessKindsWith } from './kinds/access-mail.ts';
export type { AccessMailEvent } from './kinds/access-mail.ts';
export type { CallEvent, CallOutcome } from './kinds/call.ts';
export type { FaultEvent } from './kinds/fault.ts';
export type { FaxEvent } from './kinds/fax.ts';
export { OPERATOR_ACTIONS } from './kinds/operator-action.ts';
export type { OperatorAction, OperatorActionName } from './kinds/operator-action.ts';
export type { Outcomes } from './kinds/outcomes.ts';
export {
  DEAD_LETTER_TOPIC,
  FAX_EVENTS_TOPIC,
  IN_ORDER_TOPICS,
  isRetryTopic,
  LANE_TOPICS,
  OPERATOR_ACTIONS_TOPIC,
  OUTCOMES_TOPIC,
  RETRY_TOPICS,
  SOURCE_TOPICS,
  sourcesOf,
  SWITCH_COMMANDS_TOPIC,
  SWITCH_SETTINGS_TOPIC,
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
export { decode, decodeOperatorAction, decodeOutcomes } from './decode.ts';
export type { DecodeResult, RecordedAction } from './decode.ts';
export { decodeSwitchCommand, decodeSwitchSettings } from './decode-for-switch.ts';
export type { SwitchCommand, SwitchSettings } from './decode-for-switch.ts';
export { isJsonType } from './cloud-event.ts';
export { bareRecord, cloudEventHeaders, encodeEvent, encodeTombstone } from './encode-event.ts';
export type { EncodedEvent } from './encode-event.ts';
export {
  eventFields,
  newTraceContext,
  traceContextOf,
  traceOfRequest,
  type TraceContext,
} from './trace-context.ts';
export { open, openSecret, openText, seal, sealText, secretSchema } from './seal.ts';
export type { SealKey, Secret } from './seal.ts';
export { formsOf, maskSecrets } from './secret-forms.ts';
export { compileCompletion } from './event-reader.ts';
export { nationalNumber } from './fields.ts';
export type { Party, WithheldReason } from './fields.ts';
export { japanTime, japanTimeToTheSecond, parseRfc3339 } from './rfc3339-time.ts';
