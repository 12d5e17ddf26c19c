import type { Turn } from '#access';
import { open, seal, type SealKey } from '#events';

/** A call as it is kept between two documents. */
export interface KeptCall {
  /** The brand whose sentences it hears. */
  readonly brand: string;
  /** The number of the document that was answered last, from 1. */
  readonly step: number;
  /** What that document said and asks. `done` is there until the password is set. */
  readonly turn: Turn;
}

/** The only field that holds a secret, wherever it stands in a call. */
const SECRET_FIELD = 'password';

/** Writes a call as text, its passwords sealed for the call's id. */
export function writeCall(call: KeptCall, id: string, keys: readonly [SealKey, ...SealKey[]]): string {
  return JSON.stringify(call, (field, value: unknown) =>
    field === SECRET_FIELD && typeof value === 'string' ? seal({ code: value }, id, keys) : value,
  );
}

/** Reads what `writeCall` wrote; undefined when none of the keys opens it. */
export function readCall(text: string, id: string, keys: readonly SealKey[]): KeptCall | undefined {
  let isOpen = true;
  const call = JSON.parse(text, (field, value: unknown) => {
    if (field !== SECRET_FIELD || typeof value !== 'string') return value;
    const opened = open(value, id, keys);
    if (opened.ok && 'code' in opened.secret) return opened.secret.code;
    isOpen = false;
    return undefined;
  }) as KeptCall;
  return isOpen ? call : undefined;
}
