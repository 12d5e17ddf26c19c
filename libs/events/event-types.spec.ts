import type { z } from 'zod';
import { EVENT_KINDS, EVENT_TYPES } from './event-types.ts';
import { accessMail } from './kinds/access-mail.ts';
import { bulkTransfer } from './kinds/bulk-transfer.ts';
import { bulkTransferSettings } from './kinds/bulk-transfer-settings.ts';
import { call } from './kinds/call.ts';
import { fault, recovery } from './kinds/fault.ts';
import { fax } from './kinds/fax.ts';
import { ipPhonePassword } from './kinds/ip-phone-password.ts';
import { outcomes } from './kinds/outcomes.ts';
import { voiceWarp } from './kinds/voice-warp.ts';

const [sealedMail, openMail] = accessMail.schema.options;
const outcome = outcomes.schema.shape.items.element;
const recipient = outcome.shape.recipients.element;
const TIMES = new Set(['startedAt', 'receivedAt', 'issuedAt']);

/** Something for each field that a schema names, whether it has to be there or not. */
function everyField(schema: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, /[aA]t$/.test(name) ? '2026-11-21T10:00:00Z' : name]),
  );
}

it('every kind of event is named once', () => {
  expect(EVENT_KINDS).toEqual([...new Set(EVENT_KINDS)]);
});

it.each(Object.entries(EVENT_TYPES))('the example of %s is one', (_type, { read, example }) => {
  expect(read(example, 'data.', [])).toBeDefined();
});

describe('what the data of an event is read as', () => {
  const party = { number: '09012345678' };
  const mail = (kind: string) => (data: object) => accessMail.toBody({ ...data, kind } as never);
  it.each<[string, z.ZodObject, (data: never) => object, object?]>([
    ['call.v1', call.schema, call.toBody, { caller: party }],
    ['fax.v1', fax.schema, fax.toBody, { sender: party }],
    ['fault.v1', fault.schema, fault.toBody, { numbers: ['0312345678'] }],
    ['recovery.v1', recovery.schema, recovery.toBody, { numbers: ['0312345678'] }],
    ['access-mail.v1 with a secret', sealedMail, mail('two-step-code')],
    ['access-mail.v1 without', openMail, mail('test')],
    ['bulk-transfer.v1', bulkTransfer.schema, bulkTransfer.toBody],
    ['ip-phone-password.v1', ipPhonePassword.schema, ipPhonePassword.toBody],
    ['voice-warp.v1', voiceWarp.schema, voiceWarp.toBody, { destinations: [null], select: { callers: [] } }],
    [
      'bulk-transfer-settings.v1',
      bulkTransferSettings.schema,
      bulkTransferSettings.toBody,
      { destinations: {} },
    ],
    ['an item of outcomes.v1', outcome, ofOutcomes(([item]) => item), { recipients: [] }],
    ['a recipient of outcomes.v1', recipient, ofRecipients(([first]) => first)],
  ])('has every field of %s', (_type, schema, read, fields = {}) => {
    const body = read({ ...everyField(schema), ...fields } as never);
    const expected = Object.keys(schema.shape).map((name) => (TIMES.has(name) ? 'at' : name));
    for (const name of expected)
      expect([name, (body as Record<string, unknown>)[name]]).not.toContain(undefined);
  });
});

type Items = ReturnType<typeof outcomes.toBody>['items'];

function ofOutcomes(pick: (items: Items) => object | undefined) {
  return (item: object): object => pick(outcomes.toBody({ items: [item] } as never).items) ?? {};
}

function ofRecipients(pick: (recipients: Items[number]['recipients']) => object | undefined) {
  return (one: object): object =>
    pick(outcomes.toBody({ items: [{ recipients: [one] }] } as never).items[0]?.recipients ?? []) ?? {};
}
