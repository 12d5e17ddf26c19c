import type { z } from 'zod';
import {
  accessMailSchema,
  bulkTransferSchema,
  callSchema,
  faultSchema,
  faxSchema,
  outcomesSchema,
  recoverySchema,
} from './schemas.ts';
import type { RetryTopic, SourceTopic, Topic } from './topics.ts';

const FAULTS = { 'fault.v1': faultSchema, 'recovery.v1': recoverySchema };
const NOTICES = { 'call.v1': callSchema, 'fax.v1': faxSchema, ...FAULTS };
const ACCESS_MAILS = { 'access-mail.v1': accessMailSchema };

/** The schema of the data of every `ce_type`: in goes JSON, out come its fields with times as epoch milliseconds. */
export const EVENT_SCHEMAS = {
  ...NOTICES,
  ...ACCESS_MAILS,
  'bulk-transfer.v1': bulkTransferSchema,
  'outcomes.v1': outcomesSchema,
} as const;

export type EventType = keyof typeof EVENT_SCHEMAS;
export type NotifyType = keyof typeof NOTICES | keyof typeof ACCESS_MAILS;

/** The data of a `ce_type` as it stands in Kafka. */
export type EventData<T extends EventType> = z.input<(typeof EVENT_SCHEMAS)[T]>;

/** What the data of the events to notify of are read as. */
export type NotifyBody = z.output<(typeof EVENT_SCHEMAS)[NotifyType]>;

/** The topics that the notifier reads, with the schema of each `ce_type` that they carry. */
export const NOTIFY_TOPICS: Readonly<
  Record<SourceTopic | RetryTopic, Readonly<Partial<Record<NotifyType, z.ZodType<NotifyBody>>>>>
> = {
  'call-events': { 'call.v1': callSchema },
  'fax-events': { 'fax.v1': faxSchema },
  'fault-events': FAULTS,
  'access-mails': ACCESS_MAILS,
  'notify-retry-10s': NOTICES,
  'notify-retry-1m': NOTICES,
  'notify-retry-10m': NOTICES,
  'notify-retry-1h': NOTICES,
  'access-retry-5s': ACCESS_MAILS,
  'access-retry-30s': ACCESS_MAILS,
};

/** The topic that a `ce_type` is published to. */
export const TOPIC_OF_TYPE = {
  'call.v1': 'call-events',
  'fax.v1': 'fax-events',
  'fault.v1': 'fault-events',
  'recovery.v1': 'fault-events',
  'access-mail.v1': 'access-mails',
  'bulk-transfer.v1': 'switch-commands',
  'outcomes.v1': 'notify-outcomes',
} as const satisfies Record<EventType, Topic>;
