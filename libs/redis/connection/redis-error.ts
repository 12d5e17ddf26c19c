export type RedisErrorCode =
  /** Redis did not reply, or replied that it cannot serve now: retry later. */
  | 'REDIS_UNAVAILABLE'
  /** Redis replies but takes no writes until a person adds memory, disk or replicas. */
  | 'REDIS_REFUSES_WRITES'
  /** Written, but not confirmed to be on disk in time: repeat the call. */
  | 'REDIS_NOT_DURABLE'
  /** Redis is set up so that it would lose data, by eviction or a restart. */
  | 'REDIS_UNSAFE'
  /** The server is not what its URL says: another database, user, role or kind. */
  | 'REDIS_MISCONFIGURED'
  /** Redis refused a command as invalid: a bug in our code, or a foreign value under our key. */
  | 'REDIS_REFUSED'
  /** Too many concurrent writers of one document: repeat the call. */
  | 'REDIS_BUSY'
  /** A stored document cannot be parsed. */
  | 'DOCUMENT_BROKEN';

const RETRYABLE: Readonly<Record<RedisErrorCode, boolean>> = {
  REDIS_UNAVAILABLE: true,
  REDIS_REFUSES_WRITES: true,
  REDIS_NOT_DURABLE: true,
  REDIS_UNSAFE: false,
  REDIS_MISCONFIGURED: false,
  REDIS_REFUSED: false,
  REDIS_BUSY: true,
  DOCUMENT_BROKEN: false,
};

/** The error that every call of this library rejects with. */
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

/** Error codes of invalid commands, which would fail again. */
const REFUSALS = new Set(['ERR', 'WRONGTYPE', 'CROSSSLOT', 'EXECABORT']);

/** What Redis lacks when it takes no writes, by error code. */
const LACKS = {
  OOM: 'Redis is out of memory (maxmemory)',
  MISCONF: 'Redis cannot write to its disk',
  NOREPLICAS: 'Redis has too few replicas',
} as const;

/** The code is at the start, or after a dash where Redis before 7 wraps an error inside a script. */
const TAKES_NO_WRITES = /(?:^|\s-)(OOM|MISCONF|NOREPLICAS) /;

/**
 * Converts any error of ioredis. Total. Replies in `REFUSALS` are bugs. Everything else (a closed connection, a time-out,
 * LOADING, READONLY, CLUSTERDOWN, OOM, NOAUTH, …) is an outage and says nothing about the event being handled.
 */
export function asRedisError(error: unknown, doing: string): RedisError {
  if (error instanceof RedisError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const isReply = error instanceof Error && error.name === 'ReplyError';
  const [, lacking] = (isReply && TAKES_NO_WRITES.exec(text)) || [];
  if (lacking !== undefined) {
    const lacks = LACKS[lacking as keyof typeof LACKS];
    return new RedisError('REDIS_REFUSES_WRITES', `${doing}: ${lacks} and takes no writes (${text})`, error);
  }
  const refused = isReply && REFUSALS.has(text.split(' ', 1)[0] ?? '');
  const code = refused ? 'REDIS_REFUSED' : 'REDIS_UNAVAILABLE';
  return new RedisError(
    code,
    `${doing}: ${refused ? 'Redis refused' : 'Redis is not available'} (${text})`,
    error,
  );
}
