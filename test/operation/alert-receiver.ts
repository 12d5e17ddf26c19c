import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { parse } from 'yaml';
import { closeLater } from '../support/close-later.ts';
import { startAlertmanager } from '../support/prometheus.ts';

/** What a webhook was told of an alert. */
export interface ToldAlert {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface AlertmanagerConfig {
  route: { group_wait: string; group_interval: string };
  receivers: { webhook_configs: { url: string }[] }[];
}

/** A webhook of its own, closed after the test file. The list grows. */
async function startWebhook(): Promise<{ readonly url: string; readonly told: readonly ToldAlert[] }> {
  const told: ToldAlert[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { receiver, alerts } = body as { receiver: string; alerts: Omit<ToldAlert, 'receiver'>[] };
      told.push(...alerts.map((alert) => ({ ...alert, receiver })));
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeLater(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, told };
}

/**
 * Starts Alertmanager with the example that is shipped and a webhook for its receivers; both are closed after the test
 * file. `route` replaces how long it waits.
 */
export async function startShippedAlertmanager(route: Partial<AlertmanagerConfig['route']>): Promise<{
  readonly address: string;
  readonly told: readonly ToldAlert[];
}> {
  const webhook = await startWebhook();
  const shipped = parse(readFileSync('ops/alertmanager/alertmanager.yml', 'utf8')) as AlertmanagerConfig;
  const alertmanager = await startAlertmanager({
    ...shipped,
    route: { ...shipped.route, ...route },
    receivers: shipped.receivers.map((one) => ({ ...one, webhook_configs: [{ url: webhook.url }] })),
  });
  closeLater(() => alertmanager.close());
  return { address: alertmanager.address, told: webhook.told };
}
