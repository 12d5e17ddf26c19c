import { decodeSwitchCommand, type EncodedEvent } from '#events';
import { ipPhoneCommandSender } from './ip-phone-command-sender.ts';

const AT = Date.parse('2026-11-28T14:00:00+09:00');
const command = {
  eventId: 'e-1',
  number: '05012345678',
  at: AT,
  effectiveAt: AT + 12_600_000,
  sealed: 'v1.k1.MDEyMzQ1Njc4OWFi.eyJwYXNzd29yZCI6IkFiMTIzNDU2In0.MDEyMzQ1Njc4OWFiY2RlZg',
};

it('V4 V5 a new password goes to the switch as it was stored, under the id it was stored with', async () => {
  const published: EncodedEvent[] = [];
  const publisher = {
    publish: async (events: readonly EncodedEvent[]) => void published.push(...events),
  };
  await ipPhoneCommandSender(publisher, () => AT + 1)(command);
  const [{ topic, key, ...record }] = published as [(typeof published)[number]];
  expect([topic, String(key)]).toEqual(['switch-commands', '05012345678']);
  const { eventId, ...told } = command;
  expect(decodeSwitchCommand({ ...record, key, topic, timestamp: AT, partition: 0, offset: '0' })).toEqual({
    ok: true,
    value: { kind: 'ip-phone-password', ...told, source: '/denwa-notify/settings', id: eventId },
  });
});
