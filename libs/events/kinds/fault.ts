import { z } from 'zod';
import { defineNotifyEvent } from '../define-event.ts';
import type { BodyOf, EventBase } from '../event.ts';
import { identifier, nationalNumber, phoneNumber, time } from '../fields.ts';
import { instantOf } from '../rfc3339-time.ts';

const schema = z.object({
  lineNumber: phoneNumber,
  faultId: identifier,
  at: time,
  numbers: z
    .array(phoneNumber)
    .min(1)
    .meta({ description: 'The numbers affected; absent: all of the line' })
    .exactOptional(),
});

type Data = z.output<typeof schema>;

/** A line failed, or works again (R1–R4); `numbers` are the numbers affected, absent when it is all of the line. */
export interface FaultEvent extends EventBase, Readonly<Omit<Data, 'at' | 'numbers'>> {
  readonly kind: 'fault' | 'recovery';
  readonly numbers?: readonly string[];
}

function faultOf(data: Data): Omit<BodyOf<FaultEvent>, 'kind'> {
  const fault = {
    lineNumber: nationalNumber(data.lineNumber),
    faultId: data.faultId,
    at: instantOf(data.at),
  };
  return data.numbers === undefined ? fault : { ...fault, numbers: data.numbers.map(nationalNumber) };
}

const EXAMPLE = { lineNumber: '0312345678', faultId: 'flt-77', at: '2026-11-21T10:00:00+09:00' };

/** `fault.v1` */
export const fault = defineNotifyEvent({
  topic: 'fault-events',
  kinds: ['fault'],
  schema: schema.meta({ description: 'A line failed' }),
  timeField: 'at',
  toBody: (data): BodyOf<FaultEvent> & { kind: 'fault' } => ({ kind: 'fault', ...faultOf(data) }),
  example: { ...EXAMPLE, numbers: ['0312345678', '0312345679'] },
});

/** `recovery.v1` */
export const recovery = defineNotifyEvent({
  topic: 'fault-events',
  kinds: ['recovery'],
  schema: schema.meta({ description: 'A line works again' }),
  timeField: 'at',
  toBody: (data): BodyOf<FaultEvent> & { kind: 'recovery' } => ({ kind: 'recovery', ...faultOf(data) }),
  example: EXAMPLE,
});
