import { Registry } from 'prom-client';
import { createDeliveryMetrics } from './metrics.ts';

describe('notify_breaker_open', () => {
  it('tells at each scrape whether Kafka is away, and begins closed', async () => {
    const registry = new Registry();
    let away = false;
    createDeliveryMetrics(registry, () => away);
    const shown = (): Promise<string> => registry.getSingleMetricAsString('notify_breaker_open');
    expect(await shown()).toContain('notify_breaker_open{target="kafka"} 0');
    away = true;
    expect(await shown()).toContain('notify_breaker_open{target="kafka"} 1');
    expect(await shown()).toContain('notify_breaker_open{target="smtp"} 0');
  });
});

describe('what is counted for each mail', () => {
  it('is told with its labels, and once, however often it is asked for', async () => {
    const registry = new Registry();
    const { mails, replies } = createDeliveryMetrics(registry);
    const mail = { kind: 'call', brand: 'ntt-east', domain: 'other', state: 'accepted' } as const;
    mails.inc(mail);
    mails.inc({ ...mail });
    mails.inc({ ...mail, state: 'bounced' });
    replies.inc({ domain: 'other', code: '250' });
    const labels = 'kind="call",brand="ntt-east",domain="other"';
    for (const accepted of [2, 2, 3]) {
      if (accepted === 3) mails.inc(mail);
      const shown = await registry.metrics();
      expect(shown).toContain(`notify_mails_total{${labels},state="accepted"} ${accepted}\n`);
      expect(shown).toContain(`notify_mails_total{${labels},state="bounced"} 1\n`);
      expect(shown).toContain('notify_smtp_replies_total{domain="other",code="250"} 1\n');
    }
  });
});

describe('notify_smtp_seconds', () => {
  it('tells apart how slow a mail server is, up to the longest that it may take for an answer', async () => {
    const registry = new Registry();
    createDeliveryMetrics(registry).smtpSeconds.observe(599);
    const shown = await registry.getSingleMetricAsString('notify_smtp_seconds');
    for (const [atMost, count] of [
      [60, 0],
      [120, 0],
      [300, 0],
      [600, 1],
    ])
      expect(shown).toContain(`notify_smtp_seconds_bucket{le="${atMost}"} ${count}\n`);
  });
});
