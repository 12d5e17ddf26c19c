import { eventually } from '../support/eventually.ts';
import { startShippedAlertmanager } from './alert-receiver.ts';

const ended = new Date(Date.now() + 600_000).toISOString();
const alert = (alertname: string, labels: Readonly<Record<string, string>> = {}) => ({
  labels: { alertname, severity: 'page', ...labels },
  endsAt: ended,
});

describe('the example of Alertmanager', () => {
  it('sends the cause alone where an alert explains others, and pages and tickets to their receivers', async () => {
    const { address, told } = await startShippedAlertmanager({ group_wait: '1s' });
    const sent = [
      alert('BreakerOpen', { target: 'smtp' }),
      ...[
        'NothingAccepted',
        'OldestEventTooOld',
        'OneTimePasswordsLate',
        'CallNoticesLate',
        'MailsTooLate',
      ].map((name) => alert(name)),
      // Explained by a Redis or a Kafka that is away, not by a mail server.
      alert('RequestsFail', { job: 'site' }),
      alert('RelayRefusesUs', { cause: 'sender' }),
      alert('CarrierRefuses', { domain: 'au.com' }),
      alert('CarrierRefuses', { domain: 'au.com', severity: 'ticket' }),
      alert('CarrierRefuses', { domain: 'docomo.ne.jp', severity: 'ticket' }),
    ];
    const answer = await fetch(`http://${address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sent),
    });
    expect(answer.status).toBe(200);
    const arrived = (): string[] =>
      told
        .map(({ receiver, labels: { alertname, target, domain } }) =>
          [receiver, alertname, target ?? domain].filter(Boolean).join(' '),
        )
        .sort();
    await eventually(() => arrived().length >= 5);
    expect(arrived()).toEqual([
      'pager BreakerOpen smtp',
      'pager CarrierRefuses au.com',
      'pager RelayRefusesUs',
      'pager RequestsFail',
      'tickets CarrierRefuses docomo.ne.jp',
    ]);
  });

  it.each([
    [
      'a refusal of everybody',
      alert('RelayRefusesUs', { cause: 'login' }),
      ['BreakerOpen smtp', 'CarrierRefuses'],
    ],
    [
      'a Redis that is away',
      alert('BreakerOpen', { target: 'redis' }),
      ['RequestsFail', 'ActionsUntold', 'HistoryStands'],
    ],
    ['a Kafka that is away', alert('BreakerOpen', { target: 'kafka' }), ['ActionsUntold']],
    [
      'a Redis that takes no writes',
      alert('RedisUnsafe', { cause: 'writes-refused' }),
      ['BreakerOpen redis'],
    ],
  ])('%s is sent alone', async (_, cause, followers) => {
    const { address, told } = await startShippedAlertmanager({ group_wait: '1s' });
    const more = followers.map((name) => {
      const [alertname = '', target] = name.split(' ');
      return alert(alertname, target ? { target } : {});
    });
    await fetch(`http://${address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([...more, cause, alert('AppDown')]),
    });
    await eventually(() => told.length >= 2);
    expect(told.map(({ labels }) => labels['alertname'] ?? '').sort()).toEqual(
      ['AppDown', cause.labels.alertname].sort(),
    );
  });
});
