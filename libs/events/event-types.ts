import type { z } from 'zod';
import type { EventReader } from './event-reader.ts';
import type { BodyOf } from './event.ts';
import { accessMail, type AccessMailEvent } from './kinds/access-mail.ts';
import { bulkTransfer } from './kinds/bulk-transfer.ts';
import { bulkTransferSettings } from './kinds/bulk-transfer-settings.ts';
import { call, type CallEvent } from './kinds/call.ts';
import { fault, recovery, type FaultEvent } from './kinds/fault.ts';
import { fax, type FaxEvent } from './kinds/fax.ts';
import { ipPhonePassword } from './kinds/ip-phone-password.ts';
import { operatorAction } from './kinds/operator-action.ts';
import { outcomes } from './kinds/outcomes.ts';
import { voiceWarp } from './kinds/voice-warp.ts';
import { isRetryTopic, sourcesOf, type TopicName } from './topics.ts';

/** An event that may become mail. */
export type NotifyEvent = CallEvent | FaxEvent | FaultEvent | AccessMailEvent;
/** The kind of an event that may become mail. */
export type EventKind = NotifyEvent['kind'];
/** The data of such an event. */
type NotifyBody = BodyOf<NotifyEvent>;

/** The part of a `ce_type`'s definition that reads its events; they may become mail. */
export interface NotifyReader {
  readonly kinds: readonly EventKind[];
  readonly timeField: string;
  readonly read: EventReader<NotifyBody>;
}

/** Every `ce_type` whose events may become mail. */
export const NOTIFY_TYPES = {
  'call.v1': call,
  'fax.v1': fax,
  'fault.v1': fault,
  'recovery.v1': recovery,
  'access-mail.v1': accessMail,
} as const satisfies Readonly<Record<string, NotifyReader>>;

/** Every `ce_type`. */
export const EVENT_TYPES = {
  ...NOTIFY_TYPES,
  'bulk-transfer.v1': bulkTransfer,
  'ip-phone-password.v1': ipPhonePassword,
  'voice-warp.v1': voiceWarp,
  'bulk-transfer-settings.v1': bulkTransferSettings,
  'outcomes.v1': outcomes,
  'operator-action.v1': operatorAction,
} as const;

/** A `ce_type` whose events may become mail. */
export type NotifyType = keyof typeof NOTIFY_TYPES;
/** Any of our `ce_type`s. */
export type EventType = keyof typeof EVENT_TYPES;
/** The data of a `ce_type` as they are in Kafka. */
export type EventData<T extends EventType> = z.input<(typeof EVENT_TYPES)[T]['schema']>;

/** Every kind of event that may become mail. */
export const EVENT_KINDS: readonly EventKind[] = Object.values<NotifyReader>(NOTIFY_TYPES).flatMap(
  ({ kinds }) => kinds,
);

const ACCESS_MAILS: ReadonlySet<string> = new Set(accessMail.kinds);

/** Any other event is a notice: a switch over its kind behind this does not compile until a new kind is named in it. */
export function isAccessMail(event: NotifyEvent): event is AccessMailEvent {
  return ACCESS_MAILS.has(event.kind);
}

/** The `ce_type`s that a topic carries; a retry topic carries those of its sources, the dead letters whatever came. */
export function typesIn(topic: TopicName): readonly EventType[] {
  const origins: readonly TopicName[] = isRetryTopic(topic) ? sourcesOf(topic) : [topic];
  const types = Object.keys(EVENT_TYPES) as EventType[];
  return types.filter((type) => origins.includes(EVENT_TYPES[type].topic));
}
