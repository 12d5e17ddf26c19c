import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { startAlertmanager, startPrometheus } from './prometheus.ts';

async function serve(answer: (request: IncomingMessage) => string): Promise<string> {
  const server = createServer((request, response) => response.end(answer(request)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeLater(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a Prometheus of a test', () => {
  it('scrapes, evaluates rules, and has Alertmanager tell who is to be told', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rules-'));
    closeLater(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'rules.yml');
    await writeFile(
      file,
      JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'Hot', expr: 'heat > 1' }] }] }),
    );
    let told = 0;
    const receiver = await serve(() => String((told += 1)));
    const alertmanager = await startAlertmanager({
      route: { receiver: 'test', group_wait: '0s' },
      receivers: [{ name: 'test', webhook_configs: [{ url: `http://${receiver}` }] }],
    });
    closeLater(() => alertmanager.close());
    const prometheus = await startPrometheus({
      targets: { oven: [await serve(() => 'heat 2\n')] },
      ruleFiles: [file],
      everyMs: 200,
      alertmanager: alertmanager.address,
    });
    closeLater(() => prometheus.close());
    const [heat] = await eventually(async () => {
      const samples = await prometheus.query('heat');
      return samples.length > 0 && samples;
    });
    expect(heat).toMatchObject({ labels: { job: 'oven' }, value: 2 });
    await eventually(() => told > 0);
    expect(await prometheus.alerts()).toMatchObject([{ labels: { alertname: 'Hot' }, state: 'firing' }]);
    await expect(prometheus.query('heat >')).rejects.toThrow(/refuses/);
  });
});
