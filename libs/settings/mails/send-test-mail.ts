import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { TraceContext } from '#events';
import { addProblem, hasService, parseSubscriberNumber, readDocument, type Service } from '#rules';
import {
  invalid,
  notContracted,
  notFound,
  type Invalid,
  type NotContracted,
  type NotFound,
  type TooMany,
} from '../refusal.ts';
import type { SettingsRepository } from '../settings-repository.ts';
import { addressProblems } from './access-mail-input.ts';
import type { PublishAccessMail, Sent } from './publish-access-mail.ts';

/** Whether one more test mail may be sent; if not, which limit is reached and when to try again. */
export type TestMailVerdict =
  /**
   * `giveBack` is for a mail that was not sent after all; it must not count, and may be called again when it rejects.
   */
  | { readonly ok: true; giveBack(): Promise<void> }
  | { readonly ok: false; readonly limit: 'number' | 'address'; readonly retryAfterSeconds: number };

/** Bounds test mails (C12). Rejects when the counts cannot be reached. */
export interface TestMailLimits {
  take(number: string, address: string): Promise<TestMailVerdict>;
}

export interface TestMailDeps {
  readonly repository: Pick<SettingsRepository, 'getNumber' | 'getFaultNotice'>;
  readonly limits: TestMailLimits;
  readonly publish: PublishAccessMail;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The document of a test mail (C12). An address of earlier years is accepted where it is stored (C13). */
export function testMailInput(
  isStored: (address: string) => boolean,
): z.ZodType<{ readonly address: string }> {
  return z.strictObject({
    address: z.string().superRefine((address, context) => {
      for (const problem of addressProblems(address, isStored(address))) addProblem(context, problem);
    }),
  });
}

/** The services that have recipients: without one of them a number has no use for a test mail (A13). */
const MAILING: readonly Service[] = ['call-notice', 'fax-notice', 'fault-notice'];

/**
 * 送信テスト: sends a test mail to confirm that the address works, before it is saved (C12). Rejects when it cannot be
 * published.
 */
export async function sendTestMail(
  { repository, limits, publish, now }: TestMailDeps,
  numberText: string,
  document: unknown,
  trace?: TraceContext,
): Promise<Sent | NotFound | NotContracted | Invalid | TooMany> {
  const parsed = parseSubscriberNumber(numberText);
  const settings = parsed.ok ? await repository.getNumber(parsed.number) : undefined;
  if (!settings) return notFound('number');
  const { number, lineNumber, brand, callNotice, faxNotice, services } = settings;
  if (!MAILING.some((service) => hasService(services, service))) return notContracted('call-notice');
  const faultNotice = number === lineNumber ? await repository.getFaultNotice(number) : undefined;
  const notices = [callNotice, faxNotice, ...(faultNotice ? [faultNotice.value] : [])];
  const stored = notices.flatMap(({ recipients }) => recipients);
  const isStored = (text: string): boolean => stored.some((one) => one.address === text);
  const read = readDocument(testMailInput(isStored), document);
  if (!read.ok) return invalid(read.errors);
  const { address } = read.value;
  // Mail servers treat Taro@ and taro@ alike, so another spelling must not get a new limit.
  const taken = await limits.take(number, address.toLowerCase());
  if (!taken.ok) return { ...taken, kind: 'too-many' };
  const issuedAt = new Date(now());
  const mail = { kind: 'test', number, brand, recipient: address, issuedAt: issuedAt.toISOString() } as const;
  try {
    return { ok: true, event: await publish(mail, randomUUID(), issuedAt.getTime(), trace) };
  } catch (error) {
    // A mail that Kafka did not acknowledge in time may still arrive, and counts; any other was never published.
    if (!mayStillArrive(error)) await taken.giveBack();
    throw error;
  }
}

function mayStillArrive(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'unacknowledged';
}
