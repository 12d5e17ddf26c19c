import type { OperatorActionName } from '#events';

/** What each operation of the API that changes something is recorded as, by method and path (ADR 0033). */
export const RECORDED_OPERATIONS: Readonly<Record<string, OperatorActionName>> = {
  'PUT /v1/lines/{lineNumber}': 'put-line',
  'DELETE /v1/lines/{lineNumber}': 'delete-line',
  'PUT /v1/lines/{lineNumber}/fault-notice': 'put-fault-notice',
  'PUT /v1/lines/{lineNumber}/bulk-transfer': 'put-bulk-transfer',
  'PUT /v1/numbers/{number}/call-notice': 'put-call-notice',
  'PUT /v1/numbers/{number}/fax-notice': 'put-fax-notice',
  'PUT /v1/numbers/{number}/screening': 'put-screening',
  'PUT /v1/numbers/{number}/voice-warp': 'put-voice-warp',
  'PUT /v1/numbers/{number}/ip-phone-password': 'put-ip-phone-password',
  'POST /v1/numbers/{number}/temporary-password': 'temporary-password',
  'POST /v1/numbers/{number}/access/end-sessions': 'end-sessions',
  'POST /v1/numbers/{number}/access/invalidate-password': 'invalidate-password',
  'POST /v1/numbers/{number}/access/reset-one-time-password': 'reset-one-time-password',
  'POST /v1/numbers/{number}/test-mail': 'test-mail',
  'PUT /v1/self-care/{id}': 'put-self-care',
  'DELETE /v1/self-care/{id}': 'delete-self-care',
};

/**
 * The operations that change nothing of a subscriber's although they are no GET: a question, and the mails of other
 * systems, each of which is an event with an outcome of its own.
 */
export const UNRECORDED_OPERATIONS: readonly string[] = [
  'POST /v1/numbers/{number}/dry-run',
  'POST /v1/access-mails',
];
