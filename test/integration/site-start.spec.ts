import { eventually } from '../support/eventually.ts';
import { redisUrl } from '../support/servers.ts';
import { startTestSite } from '../support/site.ts';
import { openProxy } from './redis-proxy.ts';

describe('a site that starts while Kafka and Redis are away', () => {
  it('shows its first pages, says why it is not ready, and is when Redis comes', async () => {
    const proxy = await openProxy(redisUrl());
    await proxy.down();
    const site = await startTestSite({ REDIS_URL: proxy.url, KAFKA_BROKERS: '127.0.0.1:1' });
    for (const path of ['/', '/login', '/livez']) expect((await site.ask('get', path)).status).toBe(200);
    const ready = await site.ask('get', '/readyz');
    expect([ready.status, ready.body]).toMatchObject([503, { reasons: [{ check: 'redis' }] }]);
    await proxy.up();
    await eventually(async () => (await site.ask('get', '/readyz')).status === 200);
    expect(site.log.filter((entry) => entry.includes('"level":"error"'))).toEqual([]);
  });

  it('warns of a brand whose domains are those of an example (B1)', async () => {
    const { log } = await startTestSite();
    const warned = log.filter((entry) => entry.includes('A brand has the domains of an example'));
    expect(warned).toEqual([expect.stringContaining('rakuten-mobile.yaml')]);
  });

  it('shows the brand of each host, and one brand to everybody while it is tried out (B1)', async () => {
    const heading = async (variables: Record<string, string>) => {
      const site = await startTestSite(variables);
      const { text } = await site.ask('get', '/').set('host', 'selfcare.rakuten-mobile.example');
      return /<h1>(.*?)<\/h1>/.exec(text)?.[1];
    };
    expect(await heading({})).toBe('カスタマー・セルフケア・サービス');
    expect(await heading({ SITE_URL: 'http://localhost:3000' })).toBe('ひかり電話設定サイト');
  });

  it('hides its health from those who come by a proxy', async () => {
    const site = await startTestSite({ SITE_TRUSTED_PROXIES: '127.0.0.0/8,::1' });
    expect((await site.ask('get', '/metrics')).status).toBe(404);
    expect((await site.ask('get', '/')).status).toBe(200);
  });
});
