import { withRedisAt } from '../support/redis-node.ts';
import { startSecuredServers, useSecured } from '../support/secured-servers.ts';

// The same tests as elsewhere. Here Kafka and Redis want TLS and a login, and each program may do what ops/acl allows.
const servers = await startSecuredServers();
useSecured(servers);

await import('../acceptance/call-becomes-mail.spec.ts');
await import('../acceptance/every-other-event.spec.ts');
await import('../acceptance/why-tells.spec.ts');
await import('../acceptance/operator-page.spec.ts');
await import('../acceptance/dead-letters.spec.ts');
await import('../acceptance/site/csv-of-many.spec.ts');
await import('../acceptance/site/ip-phone-password.spec.ts');
await import('../integration/settings-switch.spec.ts');
await import('../integration/settings-faxes.spec.ts');
await import('../integration/ops-settings.spec.ts');
await import('../integration/voice.spec.ts');

it('Redis has refused nothing of all this', async () => {
  const refused = await withRedisAt(servers.ports.redisPlain, (redis) => redis.call('ACL', 'LOG'));
  // The client's own introduction, which it can do without.
  const ours = (refused as unknown[]).filter((entry) => !JSON.stringify(entry).includes('client|setinfo'));
  expect(ours).toEqual([]);
});
