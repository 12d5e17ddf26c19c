import type { Problem } from '#events';
import type { Service } from '#rules';

/** No such line or number, or none that anybody can have. */
export interface NotFound {
  readonly ok: false;
  readonly kind: 'not-found';
  readonly what: 'line' | 'number';
}

/** The service of this part is not contracted for the number or line (A13). Nothing was changed. */
export interface NotContracted {
  readonly ok: false;
  readonly kind: 'not-contracted';
  readonly service: Service;
}

/** The document is invalid: every error with its path (`recipients.0.address`) and a code. */
export interface Invalid {
  readonly ok: false;
  readonly kind: 'invalid';
  readonly errors: readonly Problem[];
}

/** The condition does not hold for the stored version. Nothing was changed. */
export interface Conflict {
  readonly ok: false;
  readonly kind: 'conflict';
}

/** A number of the document belongs to another line; `path` is its place. Nothing was changed. */
export interface Taken {
  readonly ok: false;
  readonly kind: 'taken';
  readonly path: string;
  readonly lineNumber: string;
}

/** A limit of test mails is reached (C12). */
export interface TooMany {
  readonly ok: false;
  readonly kind: 'too-many';
  readonly limit: 'number' | 'address';
  readonly retryAfterSeconds: number;
}

/** An idempotency key that is invalid, or was used with another document. */
export interface InvalidKey {
  readonly ok: false;
  readonly kind: 'invalid-key';
  readonly code: 'text' | 'key-reused';
  readonly message: string;
}

/** Why a use case did not do what it was asked. */
export type Refusal = NotFound | NotContracted | Invalid | Conflict | Taken | TooMany | InvalidKey;

export const notFound = (what: NotFound['what']): NotFound => ({ ok: false, kind: 'not-found', what });
export const notContracted = (service: Service): NotContracted => ({
  ok: false,
  kind: 'not-contracted',
  service,
});
export const invalid = (errors: readonly Problem[]): Invalid => ({ ok: false, kind: 'invalid', errors });
export const CONFLICT: Conflict = { ok: false, kind: 'conflict' };
