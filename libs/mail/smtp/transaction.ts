import type { ComposedMail } from '../mail.ts';
import type { Stage } from './answer-rule.ts';
import { classify } from './classify.ts';
import { dataBytes } from './data-bytes.ts';
import { envelopeCommands, type EnvelopeCommands } from './envelope.ts';
import type { Exchange } from './exchange.ts';
import type { SendResult } from './mail-sender.ts';
import type { Release } from './release.ts';
import { showReply, type SmtpReply } from './reply.ts';
import { CLOSING_CODE, type SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';
import type { SmtpTimeouts } from './smtp-timeouts.ts';

/** A mail on its way through one transaction. */
export interface Transaction {
  readonly mail: ComposedMail;
  readonly release: Release;
  readonly timeouts: SmtpTimeouts;
  /** Called when the message is on its way: the next mail's envelope may stand behind it, in the same write. */
  readonly mayFollow: () => void;
}

/** `stale`: the connection was over, or too slow, before the server saw this mail; another connection will do. */
export type TransactionEnd =
  SendResult | { readonly kind: 'stale'; readonly error: SmtpError; readonly isBehind: boolean };

/** Longer messages go alone: they can be cut in the middle, which is told only when nothing stands behind them. */
const LONGEST_FOLLOWED = 65_536;
/** A server that answers a message within this is quick. */
const QUICK_MS = 100;

/** The envelope's commands, and what each answer has to begin with. */
const ENVELOPE: readonly (readonly [stage: Exclude<Stage, 'dot'>, answer: string])[] = [
  ['mail', '2'],
  ['rcpt', '2'],
  ['data', '3'],
];

/** How the envelope ended: the server waits for the message, refused, or is gone. */
type EnvelopeEnd =
  | { readonly kind: 'go' }
  | { readonly kind: 'refused'; readonly reply: SmtpReply; readonly stage: Stage }
  | {
      readonly kind: 'gone';
      readonly error: SmtpError;
      readonly sawMail: boolean;
      readonly isBehind: boolean;
    };

/**
 * Runs one mail through one session, from MAIL to the answer behind the final dot. Rejects only with what `beforeData`
 * rejects with, or with `SMTP_MAIL_UNFIT`; then the message has not left.
 */
export async function runTransaction(
  session: SmtpSession,
  transaction: Transaction,
): Promise<TransactionEnd> {
  const { mail, release } = transaction;
  const { size = 0, pipelining } = session.extensions;
  const commands = envelopeCommands(mail, session.extensions);
  const bytes = dataBytes(mail.message);
  if (size > 0 && mail.message.length > size) return tooBig(mail.message.length, size);
  session.mails += 1;
  const envelope = await (pipelining ? pipelined : inSteps)(session, commands, transaction);
  if (envelope.kind === 'go') return sendMessage(session, bytes, transaction);
  if (envelope.kind === 'gone' && isStale(envelope, session))
    return { kind: 'stale', error: envelope.error, isBehind: envelope.isBehind };
  if (release.begun) await release.begin();
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

/** RFC 2920: the whole envelope in one write, `beforeData` beside it. */
async function pipelined(
  session: SmtpSession,
  { mail, rcpt }: EnvelopeCommands,
  { release, timeouts }: Transaction,
): Promise<EnvelopeEnd> {
  void release.begin().catch(() => undefined);
  const exchange = await session.exchange(`${mail}${rcpt}DATA\r\n`, 3, timeouts.commandMs);
  const end = envelopeEnd(session, exchange, ENVELOPE);
  if (end.kind === 'refused' && exchange.replies[2]?.code === 354) {
    // §3.1: a server may ask for a message although it took no recipient; a lone dot ends that.
    await session.exchange('.\r\n', 1, timeouts.commandMs);
  }
  return end;
}

async function inSteps(
  session: SmtpSession,
  { mail, rcpt }: EnvelopeCommands,
  { timeouts }: Transaction,
): Promise<EnvelopeEnd> {
  const commands = { mail, rcpt, data: 'DATA\r\n' };
  for (const step of ENVELOPE) {
    const [stage] = step;
    const exchange = await session.exchange(commands[stage], 1, timeouts.commandMs);
    const end = envelopeEnd(session, exchange, [step]);
    if (end.kind === 'gone') return { ...end, sawMail: end.sawMail || stage !== 'mail' };
    if (end.kind === 'refused') return end;
  }
  return { kind: 'go' };
}

function envelopeEnd(
  session: SmtpSession,
  { replies, ended, isBehind }: Exchange,
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
  // Whose answer comes before it still waits for that.
  if (isBehind) return { kind: 'gone', error, sawMail: false, isBehind };
  session.end(error);
  const gaveUp = error.code === 'SMTP_DROPPED' || error.code === 'SMTP_CLOSING';
  const sawMail = !gaveUp || replies.some(({ code }) => code !== CLOSING_CODE);
  return { kind: 'gone', error, sawMail, isBehind };
}

/** The message and its final dot; from the dot on, silence means doubt. */
async function sendMessage(
  session: SmtpSession,
  bytes: readonly Buffer[],
  { mail, release, timeouts, mayFollow }: Transaction,
): Promise<SendResult> {
  try {
    await release.renew();
  } catch (error) {
    // Behind 354 there is no way back but to hang up: a dot would send an empty mail.
    session.end(new SmtpError('SMTP_SENDER_CLOSED', 'The mail was called back', { cause: error }));
    throw error;
  }
  const startedAt = performance.now();
  const answer = session.exchange(bytes, 1, timeouts.dataMs);
  if (mail.message.length <= LONGEST_FOLLOWED) mayFollow();
  const { replies, ended, written } = await answer;
  session.isQuick = performance.now() - startedAt < QUICK_MS;
  const [reply] = replies;
  if (reply && reply.code !== CLOSING_CODE && (reply.code < 300 || reply.code >= 400))
    return resultOf(reply, 'dot', mail);
  const error =
    ended ?? new SmtpError('SMTP_PROTOCOL', `The mail server answered ${reply?.code} out of turn`);
  session.end(error);
  // Refused by 421, or the dot never left this host: nothing was taken.
  return { kind: reply?.code === CLOSING_CODE || !written ? 'cut-off' : 'in-doubt', error };
}

function resultOf(reply: SmtpReply, stage: Stage, { from, to }: ComposedMail): SendResult {
  const response = showReply(reply);
  if (reply.code < 300) return { kind: 'accepted', response };
  const code = String(reply.code);
  const { verdict, means } = classify(reply, { stage, from, to });
  switch (verdict.kind) {
    case 'accepted':
      return { kind: 'accepted', response };
    case 'later':
      return { kind: 'later', response, code, ...(verdict.refusedUs && { refusedUs: verdict.refusedUs }) };
    case 'never':
      return { kind: 'never', response, code, cause: verdict.cause };
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
