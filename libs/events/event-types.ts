import type { z } from 'zod';
import { toAccessMail, toCall, toFault, toFax, toRecovery, type BodyOf } from './bodies.ts';
import { eventReader, type EventReader } from './event-reader.ts';
import type { NotifyEvent } from './event.ts';
import {
  accessMailSchema,
  bulkTransferSchema,
  callSchema,
  faultSchema,
  faxSchema,
  outcomesSchema,
  recoverySchema,
} from './schemas.ts';
import { isRetryTopic, sourcesOf, type RetryTopic, type SourceTopic, type TopicName } from './topics.ts';

/** The schema of the data of every `ce_type` as it stands in Kafka. */
export const EVENT_SCHEMAS = {
  'call.v1': callSchema,
  'fax.v1': faxSchema,
  'fault.v1': faultSchema,
  'recovery.v1': recoverySchema,
  'access-mail.v1': accessMailSchema,
  'bulk-transfer.v1': bulkTransferSchema,
  'outcomes.v1': outcomesSchema,
} as const;

export type EventType = keyof typeof EVENT_SCHEMAS;
export type NotifyType = keyof typeof NOTICES | keyof typeof ACCESS_MAILS;

const CALLS = { 'call.v1': eventReader(callSchema, toCall) };
const FAXES = { 'fax.v1': eventReader(faxSchema, toFax) };
const FAULTS = {
  'fault.v1': eventReader(faultSchema, toFault),
  'recovery.v1': eventReader(recoverySchema, toRecovery),
};
const NOTICES = { ...CALLS, ...FAXES, ...FAULTS };
const ACCESS_MAILS = { 'access-mail.v1': eventReader(accessMailSchema, toAccessMail) };

/** The data of a `ce_type` as it stands in Kafka. */
export type EventData<T extends EventType> = z.input<(typeof EVENT_SCHEMAS)[T]>;

/** What the data of the events to notify of are read as. */
export type NotifyBody = BodyOf<NotifyEvent>;

/** The topics that the notifier reads, with a reader for the data of each `ce_type` that they carry. */
export const NOTIFY_TOPICS: Readonly<
  Record<SourceTopic | RetryTopic, Readonly<Partial<Record<NotifyType, EventReader<NotifyBody>>>>>
> = {
  'call-events': CALLS,
  'fax-events': FAXES,
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
} as const satisfies Record<EventType, TopicName>;

/** The `ce_type`s that a topic carries; a retry topic carries those of its sources, the dead letters whatever came. */
export function typesIn(topic: TopicName): readonly EventType[] {
  const origins: readonly TopicName[] = isRetryTopic(topic) ? sourcesOf(topic) : [topic];
  const types = Object.keys(TOPIC_OF_TYPE) as EventType[];
  return types.filter((type) => origins.includes(TOPIC_OF_TYPE[type]));
}
