import { eventFields } from '#events';
import { mailDomainLabel, withoutSecret, type BeforeData, type RelayRefusal, type SendResult } from '#mail';
import { countAnswer } from './count-answer.ts';
import type { DeliveryDeps, Telemetry } from './deps.ts';
import type { Answer, Claim, LedgerTable } from './ports.ts';
import {
  isClaimLost,
  isKafkaError,
  retryWhileRedisIsUnavailable,
  unavailableServer,
} from './server-errors.ts';
import { internalErrorResponse } from './is-dead-letter.ts';
import { keepAnswer } from './publish-results.ts';
import type { TraceAttributes } from './record-traces.ts';
import { nextTry } from './retry-policy.ts';
import type { PendingDelivery } from './verdict.ts';

/**
 * A mail cut off this often between the end of its message and the answer becomes a dead letter: it may have arrived.
 */
const MOST_DOUBTS = 2;
/** How often an answer is offered to Redis before it is kept in Kafka. */
const REDIS_TRIES = 4;

/** Sending does not need the installation; only the rules do. */
export type AttemptDeps = Omit<DeliveryDeps, 'installation'>;

/** A claim that is ours: one recipient, one transaction, one answer. */
export interface OwnClaim {
  readonly address: string;
  readonly token: string;
  readonly claim: Extract<Claim, { kind: 'mine' }>;
}

/** An attempt's reports on its progress. */
export interface AttemptProgress {
  /** Its turn has come. Returns whether the mail may still be sent. */
  begin(): boolean;
  /** Its message is about to leave: from now on silence means doubt. May be reported again. */
  beginMessage(): void;
  /** It is over; reported once, whatever came before. */
  end(): void;
}

/**
 * The result of an attempt: an answer, in the ledger now or kept in Kafka for it (`kept`); or none, so that the
 * recipient is left for the next delivery of the record (`held`: the breaker is open) or for a retry topic (`to-park`).
 */
export type AttemptResult =
  { readonly kind: 'answered'; readonly table: LedgerTable } | { readonly kind: 'kept' | 'to-park' | 'held' };

/**
 * Sends one recipient's mail once, when its turn comes, and records the answer; the next mail does not wait for that.
 * A claim whose attempt brought no answer is always given back, however long that takes: the ledger may have marked the
 * message as begun although Redis did not reply. When `signal` aborts before the turn came, the claim is given
 * back at once, or left to its lease if Redis does not answer.
 */
export async function attempt(
  deps: AttemptDeps,
  pending: PendingDelivery,
  own: OwnClaim,
  progress: AttemptProgress,
  signal: AbortSignal,
): Promise<AttemptResult> {
  try {
    const end = await deps.mailing.limit.run(signal, async () =>
      progress.begin() ? sendOnce(deps, pending, own, progress) : 'unused',
    );
    if (typeof end === 'object') return await recordAnswer(deps, pending, own, end);
    if (end === 'lost') return { kind: 'to-park' };
    await retryWhileRedisIsUnavailable(
      deps.flow,
      () => end !== 'unused' || !signal.aborted,
      () => deps.stores.ledger.release(pending.decided, own.address, own.token, end === 'doubt'),
    );
    // A mail that the relay refused is parked and lets others try: the refusal may concern only this mail.
    return { kind: end === 'doubt' || end === 'refused' ? 'to-park' : 'held' };
  } finally {
    progress.end();
  }
}

/** Makes one transaction; resolves with its answer, or with the reason why there is none. */
async function sendOnce(
  deps: AttemptDeps,
  pending: PendingDelivery,
  own: OwnClaim,
  progress: AttemptProgress,
): Promise<Answer | 'held' | 'doubt' | 'refused' | 'lost'> {
  const attempts = own.claim.attempt - 1;
  if (deps.now() >= pending.decided.deadline) return { state: 'expired', attempts, response: '' };
  if (!pending.isStored(own.address)) return { state: 'withdrawn', attempts, response: '' };
  if (own.claim.doubts >= MOST_DOUBTS) {
    return { state: 'in-doubt', attempts, response: 'no answer after the end of the message' };
  }
  let result: SendResult;
  try {
    result = await renderAndSend(deps, pending, own, progress);
  } catch (error) {
    // Nothing was sent: the claim went to somebody else or was superseded, Redis is unavailable, or we have a bug.
    if (isClaimLost(error)) return 'lost';
    if (error instanceof DeadlinePassed) return { state: 'expired', attempts, response: '' };
    if (unavailableServer(error) === 'redis') {
      deps.flow.breaker.redisUnavailable(error as Error);
      return 'held';
    }
    if (unavailableServer(error)) throw error;
    return internalError(deps.telemetry, pending, attempts, error);
  }
  return answerOf(deps, pending, own, result);
}

/** A bug: the mail becomes a dead letter, and the outcome says that it was not sent. */
function internalError(
  { log }: Telemetry,
  { event, record }: PendingDelivery,
  attempts: number,
  error: unknown,
): Answer {
  log.error({ err: error, ...eventFields(record), kind: event.kind }, 'A mail could not be made or sent');
  return {
    state: 'bounced',
    attempts,
    response: internalErrorResponse(error),
    deadLetter: true,
  };
}

/** The message was held back: the server took so long for the envelope that the deadline passed. */
class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

async function renderAndSend(
  deps: AttemptDeps,
  pending: PendingDelivery,
  own: OwnClaim,
  progress: AttemptProgress,
): Promise<SendResult> {
  const { metrics, traces } = deps.telemetry;
  const { record } = pending;
  const content = pending.contentFor(own.address);
  const mail = await traces.step(record, 'render', () =>
    deps.mailing.compose(content, pending.decided, own.address),
  );
  metrics.inFlight.inc();
  const startedAt = performance.now();
  try {
    const beforeData: BeforeData = async () => {
      if (deps.now() >= pending.decided.deadline) throw new DeadlinePassed();
      progress.beginMessage();
      await deps.stores.ledger.dataStarted(pending.decided, own.address, own.token);
      // R4: the recovery may supersede it before the message leaves.
      return pending.event.kind === 'fault' ? 'ask-again' : undefined;
    };
    const send = (): Promise<SendResult> => deps.mailing.sender.send(mail, beforeData);
    const factsOf = ({ kind }: SendResult): TraceAttributes => ({
      'notify.answer': kind,
      'notify.attempt': own.claim.attempt,
      'notify.domain': mailDomainLabel(own.address),
    });
    return withoutSecret(await traces.step(record, 'send', send, factsOf), content);
  } finally {
    metrics.smtpSeconds.observe((performance.now() - startedAt) / 1000);
    metrics.inFlight.dec();
  }
}

function answerOf(
  deps: AttemptDeps,
  pending: PendingDelivery,
  own: OwnClaim,
  result: SendResult,
): Answer | 'held' | 'doubt' | 'refused' {
  const attempts = own.claim.attempt;
  countAnswer(deps.telemetry.metrics, deps.now(), pending.event, own.address, result);
  switch (result.kind) {
    case 'accepted':
      deps.flow.breaker.mailAnswered();
      return { state: 'accepted', attempts, response: result.response };
    case 'never':
      deps.flow.breaker.mailAnswered();
      return { state: 'bounced', attempts, response: result.response };
    case 'later':
      if (!result.refusedUs) deps.flow.breaker.mailAnswered();
      else if (refusedUs(deps, own.address, result.refusedUs)) return 'refused';
      return deferred(deps.now(), pending, attempts, result.response);
    case 'cut-off':
      if (deps.flow.breaker.mailCutOff(own.address, result.error)) return 'held';
      return deferred(deps.now(), pending, attempts, result.error.message);
    case 'unavailable':
      deps.flow.breaker.mailUnavailable(result.error);
      return 'held';
    case 'in-doubt':
      deps.flow.breaker.mailCutOff(own.address, result.error);
      return 'doubt';
  }
}

/** Counts a refusal of us. True when it is known to hold back everybody's mail: then no attempt is counted. */
function refusedUs({ telemetry, flow }: AttemptDeps, address: string, cause: RelayRefusal): boolean {
  telemetry.metrics.relayRefusals.inc({ cause });
  // The relay may still take the mail of other senders.
  return (
    cause !== 'sender' && flow.breaker.mailRefusedUs(address, new Error(`The relay refuses us: ${cause}`))
  );
}

function deferred(now: number, pending: PendingDelivery, attempts: number, response: string): Answer {
  const next = nextTry(pending.ladder, attempts, now, pending.decided.deadline);
  return next ? { state: 'deferred', attempts, response, ...next } : { state: 'expired', attempts, response };
}

/**
 * Records an answer in the ledger or, while Redis is unavailable, in Kafka. Once received it must not be lost, so Redis
 * and Kafka are tried until one of them takes it.
 */
async function recordAnswer(
  deps: AttemptDeps,
  pending: PendingDelivery,
  own: OwnClaim,
  answer: Answer,
): Promise<AttemptResult> {
  const { address, token } = own;
  const { kind } = pending.event;
  const domain = mailDomainLabel(address);
  deps.telemetry.metrics.mails.inc({ kind, brand: pending.decided.brand, domain, state: answer.state });
  for (;;) {
    try {
      const table = await retryWhileRedisIsUnavailable(
        deps.flow,
        (tries) => tries < REDIS_TRIES,
        () => deps.stores.ledger.record(pending.decided, address, token, answer),
      );
      return { kind: 'answered', table };
    } catch (error) {
      if (unavailableServer(error) !== 'redis') throw error;
    }
    try {
      await keepAnswer(deps, pending, address, { ...answer, token });
      return { kind: 'kept' };
    } catch (error) {
      if (!isKafkaError(error) || deps.flow.ending.aborted) throw error;
    }
  }
}
