import { createHmac } from 'node:crypto';
import { IDLE_MS, LONGEST_MS } from './logins.ts';
import type { SourceLimit } from './ports.ts';
import { hashOf, isEqual, isSecret, newSecret } from './secrets.ts';
import { sourceOf } from './source-of.ts';

/**
 * Keeps the sessions of operators by the hash of their secret, as text. Every method rejects when the store fails, with
 * an error whose `retryable` says whether retrying can help.
 */
export interface OperatorSessions {
  /** Keeps a session for `IDLE_MS`. */
  start(hash: string, text: string): Promise<void>;
  /** The session's text, which is kept for another `IDLE_MS` from now on; undefined when there is none, or no longer. */
  read(hash: string): Promise<string | undefined>;
  end(hash: string): Promise<void>;
}

/** What the logins of operators need. */
export interface OperatorDeps {
  readonly sessions: OperatorSessions;
  /** The tokens of now; a session lasts only as long as its own is among them. */
  readonly tokens: readonly { readonly name: string; readonly token: string }[];
  /** Whose token it is, in constant time; undefined: nobody's. */
  readonly ownerOf: (token: string) => string | undefined;
  readonly sources: SourceLimit;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Somebody shows a token. */
export interface OperatorTry {
  readonly token: string;
  /** The address that the request comes from. */
  readonly source: string;
  /** The secret of the session that the browser had before, which ends. */
  readonly before: string | undefined;
}

/** `in` carries the session's secret, for its cookie. */
export type OperatorResult =
  | { readonly kind: 'in'; readonly name: string; readonly secret: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'source-limit'; readonly seconds: number };

/** A session as it is stored. */
interface Session {
  readonly name: string;
  /** That it began with a token, which only who has the session's secret can compare. */
  readonly proof: string;
  readonly startedAt: number;
}

/** Logs an operator in by a token; tries that fail are limited by their source, beside those of subscribers. */
export async function logInOperator(
  { sessions, ownerOf, sources, now }: OperatorDeps,
  { token, source, before }: OperatorTry,
): Promise<OperatorResult> {
  const taken = await sources.take(`operator ${sourceOf(source)}`);
  if (taken.retryAfterSeconds > 0) return { kind: 'source-limit', seconds: taken.retryAfterSeconds };
  const name = ownerOf(token);
  if (name === undefined) return { kind: 'refused' };
  const secret = newSecret();
  const session: Session = { name, proof: proofOf(secret, token), startedAt: now() };
  await Promise.all([
    sessions.start(hashOf(secret), JSON.stringify(session)),
    isSecret(before) ? sessions.end(hashOf(before)) : undefined,
    taken.giveBack(),
  ]);
  return { kind: 'in', name, secret };
}

/** An operator who is in: the token's name, and how long the session lasts when nothing is done. */
export interface Operator {
  readonly name: string;
  readonly secondsLeft: number;
}

/** What a browser's secret is worth. */
export type FoundOperator =
  | { readonly kind: 'found'; readonly operator: Operator }
  | { readonly kind: 'none' }
  | { readonly kind: 'ended'; readonly reason: 'idle' | 'too-long' | 'token-gone' };

/** Finds the session of a secret, and prolongs it. It ends after 30 idle minutes, 12 hours, and with its token. */
export async function findOperator(
  { sessions, tokens, now }: OperatorDeps,
  secret: string | undefined,
): Promise<FoundOperator> {
  if (secret === undefined) return { kind: 'none' };
  const text = isSecret(secret) ? await sessions.read(hashOf(secret)) : undefined;
  if (text === undefined) return { kind: 'ended', reason: 'idle' };
  const { name, proof, startedAt } = JSON.parse(text) as Session;
  const left = Math.min(IDLE_MS, startedAt + LONGEST_MS - now());
  const hasToken = tokens.some((one) => one.name === name && isEqual(proofOf(secret, one.token), proof));
  if (hasToken && left > 0)
    return { kind: 'found', operator: { name, secondsLeft: Math.floor(left / 1000) } };
  await sessions.end(hashOf(secret));
  return { kind: 'ended', reason: hasToken ? 'too-long' : 'token-gone' };
}

/** Ends the session of a secret, if it is one. */
export async function logOutOperator(
  { sessions }: Pick<OperatorDeps, 'sessions'>,
  secret: string | undefined,
): Promise<void> {
  if (isSecret(secret)) await sessions.end(hashOf(secret));
}

const proofOf = (secret: string, token: string): string =>
  createHmac('sha256', secret).update(token).digest('base64url');
