import type { ComposedMail } from '../mail.ts';
import type { Stage } from './reply-meaning.ts';
import { classify } from './classify.ts';
import { dotStuff } from './dot-stuff.ts';
import { envelopeCommands, type EnvelopeCommands } from './envelope.ts';
import type { GroupResult } from './command-group.ts';
import type { SendResult } from './mail-sender.ts';
import type { SendPermit } from './send-permit.ts';
import { showReply, type SmtpReply } from './reply.ts';
import { CLOSING_CODE, type SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';
import type { SmtpTimeouts } from './smtp-timeouts.ts';

/** The input of a mail transaction (RFC 5321 §3.3). */
export interface Transaction {
  readonly mail: ComposedMail;
  readonly permit: SendPermit;
  readonly timeouts: SmtpTimeouts;
  /** Called once the message is written: the next mail's envelope may be pipelined behind it, in the same write. */
  readonly allowPipelining: () => void;
}

/** `stale`: the connection ended, or was too slow, before the server got to this mail. Another connection may work. */
export type TransactionEnd =
  SendResult | { readonly kind: 'stale'; readonly error: SmtpError; readonly notReached: boolean };

/** Nothing is pipelined behind longer messages: whether one was cut in the middle is known only if nothing follows it. */
const MAX_FOLLOWED_BYTES = 65_536;
/** A server that replies to a message within this time is quick. */
const QUICK_MS = 100;

/** The envelope's commands, and the first digit of each positive reply. */
const ENVELOPE: readonly (readonly [stage: Exclude<Stage, 'dot'>, digit: string])[] = [
  ['mail', '2'],
  ['rcpt', '2'],
  ['data', '3'],
];

/** How the envelope ended: the server expects the message, has refused, or is gone. */
type EnvelopeEnd =
  | { readonly kind: 'go' }
  | { readonly kind: 'refused'; readonly reply: SmtpReply; readonly stage: Stage }
  | {
      readonly kind: 'gone';
      readonly error: SmtpError;
      readonly sawMail: boolean;
      readonly notReached: boolean;
    };

/**
 * Runs one mail transaction, from MAIL to the reply to the message. Rejects only with the rejection of `beforeData` or
 * with `SMTP_MAIL_UNFIT`; nothing of the message has been sent then.
 */
export async function runTransaction(
  session: SmtpSession,
  transaction: Transaction,
): Promise<TransactionEnd> {
  const { mail, permit } = transaction;
  const { size = 0, pipelining } = session.extensions;
  const commands = envelopeCommands(mail, session.extensions);
  const bytes = dotStuff(mail.message);
  if (size > 0 && mail.message.length > size) return tooBig(mail.message.length, size);
  session.mails += 1;
  const envelope = await (pipelining ? pipelined : oneByOne)(session, commands, transaction);
  if (envelope.kind === 'go') return sendMessage(session, bytes, transaction);
  if (envelope.kind === 'gone' && isStale(envelope, session))
    return { kind: 'stale', error: envelope.error, notReached: envelope.notReached };
  if (permit.isRequested) await permit.request();
  if (envelope.kind === 'gone') return { kind: 'cut-off', error: envelope.error };
  session.needsReset = true;
  return resultOf(envelope.reply, envelope.stage, mail);
}

function isStale(
  { error, sawMail }: Extract<EnvelopeEnd, { kind: 'gone' }>,
  { mails }: SmtpSession,
): boolean {
  return error.code === 'SMTP_OVERTAKEN' || (mails > 1 && !sawMail);
}

/** The whole envelope in one write (RFC 2920). The permit is requested meanwhile. */
async function pipelined(
  session: SmtpSession,
  { mail, rcpt }: EnvelopeCommands,
  { permit, timeouts }: Transaction,
): Promise<EnvelopeEnd> {
  void permit.request().catch(() => undefined);
  const group = await session.send(`${mail}${rcpt}DATA\r\n`, 3, timeouts.commandMs);
  const end = envelopeEnd(session, group, ENVELOPE);
  if (end.kind === 'refused' && group.replies[2]?.code === 354) {
    // §3.1: a server may reply 354 although it accepted no recipient. A lone dot ends that.
    await session.send('.\r\n', 1, timeouts.commandMs);
  }
  return end;
}

async function oneByOne(
  session: SmtpSession,
  { mail, rcpt }: EnvelopeCommands,
  { timeouts }: Transaction,
): Promise<EnvelopeEnd> {
  const commands = { mail, rcpt, data: 'DATA\r\n' };
  for (const step of ENVELOPE) {
    const [stage] = step;
    const group = await session.send(commands[stage], 1, timeouts.commandMs);
    const end = envelopeEnd(session, group, [step]);
    if (end.kind === 'gone') return { ...end, sawMail: end.sawMail || stage !== 'mail' };
    if (end.kind === 'refused') return end;
  }
  return { kind: 'go' };
}

function envelopeEnd(
  session: SmtpSession,
  { replies, ended, notReached }: GroupResult,
  steps: typeof ENVELOPE,
): EnvelopeEnd {
  const index = replies.findIndex(({ code }, at) => !String(code).startsWith(steps[at]?.[1] ?? ''));
  const wrong = replies[index];
  const stage = steps[index]?.[0];
  if (wrong && stage && wrong.code >= 400 && wrong.code !== CLOSING_CODE)
    return { kind: 'refused', reply: wrong, stage };
  if (!wrong && !ended) return { kind: 'go' };
  const error =
    ended ?? new SmtpError('SMTP_PROTOCOL', `The mail server answered ${wrong?.code} out of turn`);
  // The mail ahead still waits for its reply on this session.
  if (notReached) return { kind: 'gone', error, sawMail: false, notReached };
  session.end(error);
  const gaveUp = error.code === 'SMTP_DROPPED' || error.code === 'SMTP_CLOSING';
  const sawMail = !gaveUp || replies.some(({ code }) => code !== CLOSING_CODE);
  return { kind: 'gone', error, sawMail, notReached };
}

/** Sends the message and its final dot. From then on, a missing reply leaves the mail in doubt. */
async function sendMessage(
  session: SmtpSession,
  bytes: readonly Buffer[],
  { mail, permit, timeouts, allowPipelining }: Transaction,
): Promise<SendResult> {
  try {
    await permit.renew();
  } catch (error) {
    // After 354 the only way back is to close the connection: a dot would send an empty mail.
    session.end(new SmtpError('SMTP_SENDER_CLOSED', 'The mail was called back', { cause: error }));
    throw error;
  }
  const startedAt = performance.now();
  const sending = session.send(bytes, 1, timeouts.dataMs);
  if (mail.message.length <= MAX_FOLLOWED_BYTES) allowPipelining();
  const { replies, ended, written } = await sending;
  session.isQuick = performance.now() - startedAt < QUICK_MS;
  const [reply] = replies;
  if (reply && reply.code !== CLOSING_CODE && (reply.code < 300 || reply.code >= 400))
    return resultOf(reply, 'dot', mail);
  const error =
    ended ?? new SmtpError('SMTP_PROTOCOL', `The mail server answered ${reply?.code} out of turn`);
  session.end(error);
  // After a 421, or when the final dot never left this host, the server has not accepted the mail.
  return { kind: reply?.code === CLOSING_CODE || !written ? 'cut-off' : 'in-doubt', error };
}

function resultOf(reply: SmtpReply, stage: Stage, { from, to }: ComposedMail): SendResult {
  const response = showReply(reply);
  if (reply.code < 300) return { kind: 'accepted', response };
  const code = String(reply.code);
  const { class: found, means } = classify(reply, { stage, from, to });
  switch (found.kind) {
    case 'accepted':
      return { kind: 'accepted', response };
    case 'later':
      return { kind: 'later', response, code, ...(found.refusedUs && { refusedUs: found.refusedUs }) };
    case 'never':
      return { kind: 'never', response, code, cause: found.cause };
    case 'unavailable':
      return {
        kind: 'unavailable',
        error: new SmtpError('SMTP_LOGIN', `${means} (${code})`, { replyCode: reply.code }),
      };
  }
}

function tooBig(length: number, size: number): SendResult {
  const response = `552 5.3.4 not sent: a message of ${length} bytes, the mail server takes ${size}`;
  return { kind: 'never', response, code: '552', cause: 'ours' };
}
