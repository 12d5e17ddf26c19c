export type RedisErrorCode =
  /** Redis did not answer, or answered that it cannot serve now: ask again later. */
  | 'REDIS_UNAVAILABLE'
  /** Written, but not known to be on disk in time: repeat the call. */
  | 'REDIS_NOT_DURABLE'
  /** Redis would evict or forget what the promise stands on. */
  | 'REDIS_UNSAFE'
  /** Redis refused a command as wrong: a bug of ours, or a foreign value under our key. */
  | 'REDIS_REFUSED'
  /** Too many writers at one document: repeat the call. */
  | 'REDIS_BUSY'
  /** A document that cannot be read. */
  | 'DOCUMENT_BROKEN';

const RETRYABLE: Readonly<Record<RedisErrorCode, boolean>> = {
  REDIS_UNAVAILABLE: true,
  REDIS_NOT_DURABLE: true,
  REDIS_UNSAFE: false,
  REDIS_REFUSED: false,
  REDIS_BUSY: true,
  DOCUMENT_BROKEN: false,
};

/** What every call of this library rejects with. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
  readonly code: RedisErrorCode;
  readonly retryable: boolean;

  constructor(code: RedisErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.retryable = RETRYABLE[code];
  }
}

/** The first words of replies that say "wrong command" and will say so again. */
const REFUSALS = new Set(['ERR', 'WRONGTYPE', 'CROSSSLOT', 'EXECABORT']);

/**
 * Any error of ioredis as ours; total. Replies in `REFUSALS` are bugs, and everything else (a closed connection, a
 * time-out, LOADING, READONLY, CLUSTERDOWN, OOM, NOAUTH, …) is an outage: it says nothing about the event in hand.
 */
export function asRedisError(error: unknown, doing: string): RedisError {
  if (error instanceof RedisError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const isReply = error instanceof Error && error.name === 'ReplyError';
  const refused = isReply && REFUSALS.has(text.split(' ', 1)[0] ?? '');
  const code = refused ? 'REDIS_REFUSED' : 'REDIS_UNAVAILABLE';
  return new RedisError(
    code,
    `${doing}: ${refused ? 'Redis refused' : 'Redis is not available'} (${text})`,
    error,
  );
}
