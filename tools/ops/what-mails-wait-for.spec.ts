import { hostname } from 'node:os';
import { BRANDS_DIR, clientName, loadBrands } from '#mail';
import { testFaultServer } from '../../test/support/smtp-sender.ts';
import { mailServerState } from './what-mails-wait-for.ts';

const address = { host: '127.0.0.1', secure: false, requireTLS: false };

it.each([
  ['is configured', { SMTP_CLIENT_NAME: 'notify.example.jp' }, 'notify.example.jp'],
  ['it has without one', {}, clientName(hostname(), loadBrands(BRANDS_DIR))],
])('greets the mail server with the name that %s, as the notifier does', async (_, named, name) => {
  const server = await testFaultServer();
  const told = await mailServerState({ SMTP_URL: { ...address, port: server.port }, ...named });
  expect(told).toMatch(/can be used from here$/);
  expect(server.lines[0]?.line).toBe(`EHLO ${name}`);
});

it('tells when the mail server refuses our name', async () => {
  const server = await testFaultServer({
    rules: [{ at: 'ehlo', do: { reply: '550 5.7.1 Helo command rejected: who is that?' } }],
  });
  const told = await mailServerState({ SMTP_URL: { ...address, port: server.port } });
  expect(told).toMatch(/cannot be used from here: .*Helo command rejected.* Mails wait until it is back/);
});
