import { EMPTY_CALL_NOTICE } from '#rules';
import { startServer, stopServer } from '../../tools/stack/server.ts';
import { createAuthority } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { startSecuredServers, trust, useSecured } from '../support/secured-servers.ts';
import { aCall, beginStory } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 180_000;
/** How many of the rings may be without a mail yet. */
const AT_ONCE = 10;
const NUMBER = '0312340071';
const servers = await startSecuredServers();
useSecured(servers);
const address = `${uniqueName('renewed')}@example.jp`;
const story = await beginStory({ SMTP_URL: servers.variablesOf('denwa-notifier')['SMTP_URL'] ?? '' });
await story.settings.putLine({ lineNumber: NUMBER, brand: 'ntt-east', contractor: '', numbers: [NUMBER] });
await story.settings.putSection(NUMBER, 'callNotice', {
  ...EMPTY_CALL_NOTICE,
  enabled: true,
  recipients: [{ address, enabled: true }],
});

/** Lets the number ring, again and again, while `work` goes on; resolves with the events' ids. */
async function ringWhile(work: () => Promise<void>): Promise<string[]> {
  const ids: string[] = [];
  const before = servers.mails.length;
  let isOver = false;
  const ringing = (async () => {
    while (!isOver) {
      const id = uniqueName('event');
      const call = aCall(NUMBER);
      // While Kafka restarts the switch publishes it again.
      await eventually(() => story.happens('call.v1', NUMBER, call, id), LIMIT);
      ids.push(id);
      await eventually(() => servers.mails.length - before > ids.length - AT_ONCE, LIMIT);
    }
  })();
  await work().finally(() => (isOver = true));
  await ringing;
  return ids;
}

/** Each event has become one mail, over TLS and with the login. */
async function expectOneMailEach(ids: readonly string[], before: number): Promise<void> {
  // A session that the mail server ended defers its mail to the first retry topic.
  const accepted = (id: string): boolean =>
    story.outcomes.some(({ eventId, recipients }) => eventId === id && recipients[0]?.state === 'accepted');
  await eventually(() => ids.every(accepted), LIMIT);
  const mails = servers.mails.slice(before);
  expect(mails).toHaveLength(ids.length);
  expect(new Set(mails.map(({ secure, user }) => `${secure} ${user}`))).toEqual(new Set(['true notify']));
}

it(
  'an event becomes mail through TLS and logins, also while all servers get new certificates of the same authority',
  async () => {
    const before = servers.mails.length;
    const ids = await ringWhile(async () => {
      await eventually(() => servers.mails.length > before);
      await servers.certify(await servers.authority.issue('localhost'));
      const then = servers.mails.length;
      await eventually(() => servers.mails.length > then + 5);
    });
    await expectOneMailEach(ids, before);
  },
  LIMIT,
);

it(
  'nor is a mail lost or doubled when the authority is replaced: trusted first, by a new process, then used',
  async () => {
    const successor = await createAuthority();
    const before = servers.mails.length;
    const ids = await ringWhile(async () => {
      // What a restart with both in NODE_EXTRA_CA_CERTS does: this process stands for the old and the new one.
      trust(successor.cert);
      const [old] = story.notifiers;
      await story.startNotifier();
      await old?.close();
      await servers.certify(await successor.issue('localhost'));
      await stopServer(servers.kafka.folder);
      await startServer(servers.kafka);
      const then = servers.mails.length;
      await eventually(() => servers.mails.length > then + 5, LIMIT);
    });
    await expectOneMailEach(ids, before);
  },
  LIMIT,
);
