import { encodeEvent, japanTime } from '#events';
import { EVENT_SOURCE, type PublishAccessMailOptions } from './mails/publish-access-mail.ts';

/** A new password of an IP phone as the switch is told it (V4); times in epoch milliseconds, the password sealed. */
export interface IpPhoneCommand {
  readonly eventId: string;
  readonly number: string;
  readonly at: number;
  readonly effectiveAt: number;
  readonly sealed: string;
}

/**
 * Publishes `ip-phone-password.v1`, keyed by the number, under the event id that the command has: published twice it is
 * one command. Resolves when Kafka has acknowledged it; rejects like `publisher`.
 */
export function ipPhoneCommandSender(
  publisher: PublishAccessMailOptions['publisher'],
  now: () => number,
): (command: IpPhoneCommand) => Promise<void> {
  return ({ eventId, number, at, effectiveAt, sealed }) => {
    const event = encodeEvent({
      type: 'ip-phone-password.v1',
      source: EVENT_SOURCE,
      id: eventId,
      time: now(),
      key: number,
      data: { number, at: japanTime(at), effectiveAt: japanTime(effectiveAt), sealed },
    });
    return publisher.publish([event]);
  };
}
