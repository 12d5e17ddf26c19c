const NOT_SENT = 'not sent: internal error';

/** The response of a mail that met a bug: outcomes have nothing else to tell it by. */
export function internalErrorResponse(error: unknown): string {
  const name = error instanceof Error ? error.name : 'Error';
  return `${NOT_SENT} (${name}), kept in the dead letters`;
}

/** A recipient of an outcome, whose state may be one that only a later version knows. */
interface Recipient {
  readonly state: string;
  readonly response: string;
}

/** Whether a recipient of an outcome went to the dead letters, so that a replay may open its row (ADR 0008). */
export function isDeadLetter({ state, response }: Recipient): boolean {
  return state === 'in-doubt' || (state === 'bounced' && response.startsWith(NOT_SENT));
}
