import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { identifier, time } from '../fields.ts';
import { instantOf } from '../rfc3339-time.ts';

/** Everything that operators do and that is recorded. */
export const OPERATOR_ACTIONS = [
  'put-line',
  'delete-line',
  'put-fault-notice',
  'put-bulk-transfer',
  'put-call-notice',
  'put-fax-notice',
  'put-screening',
  'put-voice-warp',
  'put-self-care',
  'delete-self-care',
  'put-ip-phone-password',
  'temporary-password',
  'end-sessions',
  'invalidate-password',
  'reset-one-time-password',
  'test-mail',
  'replay-dead-letter',
  'close-dead-letter',
  'import',
  'log-in',
  'log-out',
] as const;
/** What an operator did. */
export type OperatorActionName = (typeof OPERATOR_ACTIONS)[number];

const schema = z
  .object({
    action: z.enum(OPERATOR_ACTIONS),
    by: identifier.nullable().meta({
      description:
        'The name of the token, of `npm run ops` the user of its system; null for a login that was refused',
    }),
    door: z
      .enum(['api', 'page', 'cli'])
      .meta({ description: 'The settings API, the operator’s page, or `npm run ops`' }),
    address: identifier.meta({ description: 'Where the request came from' }).exactOptional(),
    subject: identifier
      .nullable()
      .meta({ description: 'The number, line number, self-care id, dead letter or file that it was about' }),
    result: z.enum(['done', 'refused', 'unknown']).meta({
      description:
        'unknown: it was begun, and whether it was done is not known; also when a server did not answer',
    }),
    code: identifier.meta({ description: 'Why it was refused' }).exactOptional(),
    at: time.meta({ description: 'When it was begun: RFC 3339 with an offset' }),
  })
  .meta({ description: 'What an operator did. Never a secret, and no mail address' });

type Data = z.output<typeof schema>;

/** What an operator did; `at` in epoch milliseconds. */
export interface OperatorAction extends Omit<Data, 'at'> {
  readonly at: number;
}

/** `operator-action.v1` */
export const operatorAction = defineEvent({
  topic: 'operator-actions',
  schema,
  toBody: ({ action, by, door, address, subject, result, code, at }): OperatorAction => ({
    action,
    by,
    door,
    ...(address === undefined ? {} : { address }),
    subject,
    result,
    ...(code === undefined ? {} : { code }),
    at: instantOf(at),
  }),
  example: {
    action: 'end-sessions',
    by: 'helpdesk',
    door: 'page',
    address: '192.0.2.7',
    subject: '0312345679',
    result: 'done',
    at: '2026-11-21T10:00:00+09:00',
  },
});
