import { z } from 'zod';
import { defineNotifyEvent } from '../define-event.ts';
import type { BodyOf, EventBase } from '../event.ts';
import { count, nationalNumber, party, phoneNumber, time, toParty, type Party } from '../fields.ts';
import { instantOf } from '../rfc3339-time.ts';

const schema = z
  .object({
    lineNumber: phoneNumber,
    calledNumber: phoneNumber,
    caller: party,
    startedAt: time,
    ringSeconds: count,
    outcome: z.enum(['answered', 'unanswered', 'busy', 'forwarded', 'abandoned']),
    refusedBy: z
      .enum(['number-request', 'nuisance-list'])
      .meta({ description: 'The service that refused the call; absent when not refused (C7, C8)' })
      .exactOptional(),
    forwarding: z
      .enum(['destination-busy', 'destination-unreachable'])
      .meta({ description: 'Why Voice Warp could not forward the call; absent otherwise (C9)' })
      .exactOptional(),
  })
  .meta({ description: 'A call came in' });

type Data = z.output<typeof schema>;

/** A call came in (C1–C11). */
export interface CallEvent extends EventBase, Readonly<Omit<Data, 'startedAt' | 'caller'>> {
  readonly kind: 'call';
  readonly caller: Party;
}

/** How a call ended. */
export type CallOutcome = CallEvent['outcome'];

function toCall(data: Data): BodyOf<CallEvent> {
  const call = {
    kind: 'call' as const,
    at: instantOf(data.startedAt),
    lineNumber: nationalNumber(data.lineNumber),
    calledNumber: nationalNumber(data.calledNumber),
    caller: toParty(data.caller),
    ringSeconds: data.ringSeconds,
    outcome: data.outcome,
  };
  const { refusedBy, forwarding } = data;
  if (refusedBy === undefined && forwarding === undefined) return call;
  return {
    ...call,
    ...(refusedBy === undefined ? {} : { refusedBy }),
    ...(forwarding === undefined ? {} : { forwarding }),
  };
}

/** `call.v1` */
export const call = defineNotifyEvent({
  topic: 'call-events',
  kinds: ['call'],
  schema,
  timeField: 'startedAt',
  toBody: toCall,
  example: {
    lineNumber: '0312345678',
    calledNumber: '0312345679',
    caller: { number: '09012345678' },
    startedAt: '2026-11-21T10:00:00+09:00',
    ringSeconds: 12,
    outcome: 'unanswered',
  },
});
