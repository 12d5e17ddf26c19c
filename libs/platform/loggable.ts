import { types } from 'node:util';

/**
 * The logged parts of an error. Client libraries attach arbitrary data to theirs: ioredis the command, password
 * included.
 */
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

/** Fields that hold a secret, by name (O5). `args` is what a client sent, on an error that was spread into a field. */
const SECRET_FIELDS = ['secret', 'sealed', 'link', 'password', 'token', 'authorization', 'args'];

/**
 * Makes a value safe to log. Of an error only name, code, message, stack, cause and errors remain; a field whose name
 * says that it is secret becomes `***`; an instance of any other class becomes its class name, because it may hold
 * anything. Never throws.
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

/** In the tests, errors of Node's own modules come from another realm. */
function isError(value: object): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** Whether this is the prototype of an object literal. */
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
    // A client can throw anything: of what is no error, only the type is logged.
    ...(cause === undefined ? {} : { cause: causeOf(cause, depth) }),
    ...(Array.isArray(errors) ? { errors: errors.map((one) => causeOf(one, depth)) } : {}),
  };
}

function causeOf(cause: unknown, depth: number): unknown {
  if (typeof cause === 'object' && cause !== null && isError(cause)) return loggable(cause, depth + 1);
  return typeof cause === 'string' ? cause : typeof cause;
}
