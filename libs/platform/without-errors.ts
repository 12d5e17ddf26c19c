/** What is written of an error. Clients hang whatever they like on theirs: ioredis the command with its password. */
interface LoggedError {
  readonly type: string;
  readonly code?: string | number;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** How deep causes and fields are followed; what lies deeper is left out. */
const DEEPEST = 6;

/**
 * A value for the log, in which every error is its name, code, message, stack, cause and errors, and nothing else.
 * Never throws.
 */
export function withoutErrors(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '…';
  if (value instanceof Error) return loggedError(value, depth);
  if (Array.isArray(value)) return value.map((one) => withoutErrors(one, depth + 1));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withoutErrors(one, depth + 1)]),
  );
}

function loggedError(error: Error, depth: number): LoggedError {
  const { name, message, stack, cause } = error;
  const code: unknown = Reflect.get(error, 'code');
  const errors: unknown = Reflect.get(error, 'errors');
  return {
    type: String(name),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: String(message),
    ...(typeof stack === 'string' ? { stack } : {}),
    // A client can throw anything: what is no error is told by its kind alone.
    ...(cause === undefined ? {} : { cause: causeOf(cause, depth) }),
    ...(Array.isArray(errors) ? { errors: errors.map((one) => causeOf(one, depth)) } : {}),
  };
}

function causeOf(cause: unknown, depth: number): unknown {
  if (cause instanceof Error) return withoutErrors(cause, depth + 1);
  return typeof cause === 'string' ? cause : typeof cause;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
