import {
  encodeEvent,
  seal,
  type EncodedEvent,
  type EventData,
  type SealKey,
  type TraceContext,
} from '#events';
import type { AccessMailRequest } from './access-mail-input.ts';

/** Identifies the event of a mail; its outcome is found by it. */
export interface EventName {
  readonly eventSource: string;
  readonly eventId: string;
}

/** A mail that Kafka has acknowledged. */
export interface Sent {
  readonly ok: true;
  readonly event: EventName;
}

/** A mail that only shows that mail arrives (C12). */
interface TestMail {
  readonly kind: 'test';
  readonly number: string;
  readonly brand: string;
  readonly recipient: string;
  /** RFC 3339. */
  readonly issuedAt: string;
}

/**
 * Publishes a mail about access under an event id, in the trace of what asked for it. Resolves when Kafka has
 * acknowledged it; rejects with an error whose `code` is `unacknowledged` when it may have been written nevertheless.
 */
export type PublishAccessMail = (
  mail: AccessMailRequest | TestMail,
  eventId: string,
  time: number,
  trace?: TraceContext,
) => Promise<EventName>;

export interface PublishAccessMailOptions {
  /** Resolves when Kafka has acknowledged every event; rejects when it does not in time. */
  readonly publisher: { publish(events: readonly EncodedEvent[]): Promise<void> };
  readonly sealKeys: readonly [SealKey, ...SealKey[]];
}

/** `ce_source` of what is published here. */
export const EVENT_SOURCE = '/denwa-notify/settings';

/** Seals the secret, so that no code or link is readable in Kafka (O5), and publishes. */
export function publishAccessMail({ publisher, sealKeys }: PublishAccessMailOptions): PublishAccessMail {
  return async (mail, eventId, time, trace) => {
    const data = 'secret' in mail ? sealed(mail, eventId, sealKeys) : mail;
    const event = encodeEvent({
      type: 'access-mail.v1',
      source: EVENT_SOURCE,
      id: eventId,
      time,
      key: mail.number,
      trace,
      data,
    });
    await publisher.publish([event]);
    return { eventSource: EVENT_SOURCE, eventId };
  };
}

function sealed(
  { secret, ...mail }: Extract<AccessMailRequest, { secret: unknown }>,
  eventId: string,
  keys: PublishAccessMailOptions['sealKeys'],
): EventData<'access-mail.v1'> {
  return { ...mail, sealed: seal(secret, eventId, keys) };
}
