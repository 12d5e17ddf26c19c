import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { NotifierProcess } from '../chaos/notifier-process.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { startSmtpFaultServer } from '../support/smtp-fault-server.ts';
import { aCall, beginStory, subscribe } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';
import { startShippedAlertmanager } from './alert-receiver.ts';
import { ruleFiles } from './promtool.ts';

const LIMIT = 600_000;
const number = '0312348801';

describe('an outage of the mail server', () => {
  it(
    'reaches a webhook as an alert that says what to do, and so does its end; no mail is lost',
    async () => {
      const [port] = await freePorts(1);
      const mailServer = await startSmtpFaultServer({ port: port ?? 0 });
      closeLater(() => mailServer.stop());
      const story = await beginStory({ SMTP_URL: `smtp://127.0.0.1:${port}` });
      await story.notifiers[0]?.close();
      const folder = await mkdtemp(path.join(tmpdir(), 'operation-'));
      closeLater(() => rm(folder, { recursive: true }));
      const environment = { ...story.environment, LOG_LEVEL: 'info' };
      const notifier = await NotifierProcess.start({
        environment,
        logFile: path.join(folder, 'notifier.log'),
      });
      closeLater(() => notifier.stop());
      // Shipped: what changed in a group is told once a minute.
      const { address, told } = await startShippedAlertmanager({ group_interval: '5s' });
      const prometheus = await startPrometheus({
        targets: { notifier: [new URL(notifier.address ?? '').host] },
        ruleFiles: await ruleFiles(),
        // A scrape that a busy machine does not answer within this time would begin `for` anew.
        everyMs: 5_000,
        alertmanager: address,
      });
      closeLater(() => prometheus.close());
      await eventually(async () => (await prometheus.query('up{job="notifier"} == 1')).length === 1, LIMIT);
      await subscribe(story, number, { to: [`${uniqueName('taro')}@example.jp`] });
      const call = (): Promise<string> => story.happens('call.v1', number, aCall(number));
      await story.outcomeOf(await call());
      expect(mailServer.taken).toHaveLength(1);

      const said = (status: string) =>
        told.find(({ labels, ...one }) => labels['alertname'] === 'BreakerOpen' && one.status === status);
      await mailServer.stop();
      const stoppedAt = Date.now();
      const held = await Promise.all([call(), call(), call()]);
      const alert = await eventually(() => said('firing'), LIMIT);
      const toldAfter = Date.now() - stoppedAt;
      expect(alert).toMatchObject({
        receiver: 'pager',
        labels: { target: 'smtp', severity: 'page' },
        annotations: {
          summary_ja: expect.stringMatching(/サーバー/),
          description: expect.stringMatching(/^smtp is away; the oldest event waits for \d+/),
          runbook_url: 'docs/runbook.md#breakeropen',
        },
      });

      await mailServer.start();
      const backAt = Date.now();
      for (const id of held) await story.outcomeOf(id);
      const mailsAfter = Date.now() - backAt;
      await eventually(() => said('resolved'), LIMIT);
      const clearedAfter = Date.now() - backAt;
      expect(mailServer.taken).toHaveLength(4);
      const names = new Set(told.map(({ labels }) => labels['alertname']));
      // The settings API and the site are not part of this test.
      expect([...names].filter((name) => name !== 'AppAbsent')).toEqual(['BreakerOpen']);
      const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
      process.stdout.write(
        `The mail server stopped: the alert reached the webhook after ${seconds(toldAfter)} (1 min of it \`for\`). ` +
          `It came back: the held mails were taken after ${seconds(mailsAfter)}, the alert cleared after ${seconds(clearedAfter)}.\n`,
      );
    },
    2 * LIMIT,
  );
});
