import { types } from 'node:util';

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

/** Fields that carry a secret by their name (O5); `args` is what a client sent, on an error that was spread into a field. */
const SECRET_FIELDS = ['secret', 'sealed', 'link', 'password', 'token', 'authorization', 'args'];

/**
 * A value for the log, in which every error is its name, code, message, stack, cause and errors, and nothing else, a field
 * that is secret by its name is `***`, and an instance of any other class is its name: nobody knows what it holds. Never
 * throws.
 */
export function loggable(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '…';
  if (isError(value)) return loggedError(value, depth);
  if (Array.isArray(value)) return value.map((one) => loggable(one, depth + 1));
  if (types.isDate(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype === 'object' && prototype !== null && !isPlain(prototype))
    return `[${nameOf(prototype)}]`;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      SECRET_FIELDS.includes(name) && one !== undefined ? '***' : loggable(one, depth + 1),
    ]),
  );
}

/** Errors of Node's own parts are of another realm in the tests. */
function isError(value: object): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** Whether it is what an object has as its prototype that was written down. */
function isPlain(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null;
}

function nameOf(prototype: object): string {
  const { constructor } = prototype as { readonly constructor?: unknown };
  return typeof constructor === 'function' ? constructor.name : 'object';
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
  if (typeof cause === 'object' && cause !== null && isError(cause)) return loggable(cause, depth + 1);
  return typeof cause === 'string' ? cause : typeof cause;
}
