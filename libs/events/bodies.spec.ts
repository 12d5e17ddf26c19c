import type { z } from 'zod';
import { toAccessMail, toBulkTransfer, toCall, toFault, toFax, toOutcomes, toRecovery } from './bodies.ts';
import {
  accessMailSchema,
  bulkTransferSchema,
  callSchema,
  faultSchema,
  faxSchema,
  outcomesSchema,
  recoverySchema,
} from './schemas.ts';

const [sealedMail, openMail] = accessMailSchema.options;
const outcome = outcomesSchema.shape.items.element;
const recipient = outcome.shape.recipients.element;
const TIMES = new Set(['startedAt', 'receivedAt', 'issuedAt']);

/** Something for each field that a schema names, whether it has to be there or not. */
function everyField(schema: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, /[aA]t$/.test(name) ? '2026-11-21T10:00:00Z' : name]),
  );
}

describe('what the data of an event is read as', () => {
  const party = { number: '09012345678' };
  const mail = (kind: string) => (data: object) => toAccessMail({ ...data, kind } as never);
  it.each<[string, z.ZodObject, (data: never) => object, object?]>([
    ['call.v1', callSchema, toCall, { caller: party }],
    ['fax.v1', faxSchema, toFax, { sender: party }],
    ['fault.v1', faultSchema, toFault, { numbers: ['0312345678'] }],
    ['recovery.v1', recoverySchema, toRecovery, { numbers: ['0312345678'] }],
    ['access-mail.v1 with a secret', sealedMail, mail('two-step-code')],
    ['access-mail.v1 without', openMail, mail('test')],
    ['bulk-transfer.v1', bulkTransferSchema, toBulkTransfer],
    ['an item of outcomes.v1', outcome, ofOutcomes(([item]) => item), { recipients: [] }],
    ['a recipient of outcomes.v1', recipient, ofRecipients(([first]) => first)],
  ])('has every field of %s', (_type, schema, read, fields = {}) => {
    const body = read({ ...everyField(schema), ...fields } as never);
    const expected = Object.keys(schema.shape).map((name) => (TIMES.has(name) ? 'at' : name));
    for (const name of expected)
      expect([name, (body as Record<string, unknown>)[name]]).not.toContain(undefined);
  });
});

type Items = ReturnType<typeof toOutcomes>['items'];

function ofOutcomes(pick: (items: Items) => object | undefined) {
  return (item: object): object => pick(toOutcomes({ items: [item] } as never).items) ?? {};
}

function ofRecipients(pick: (recipients: Items[number]['recipients']) => object | undefined) {
  return (one: object): object =>
    pick(toOutcomes({ items: [{ recipients: [one] }] } as never).items[0]?.recipients ?? []) ?? {};
}
