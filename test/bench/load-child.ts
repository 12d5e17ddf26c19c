import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadPlan, LoadResult, PlannedRequest } from './load.ts';

const TICK_MS = 1;

/** Sends a request; resolves with the status of the answer when all of it is here, 0 when the connection broke. */
function ask(url: string, agent: http.Agent, { path, body, headers }: PlannedRequest): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options = { agent, method: body === undefined ? 'GET' : 'POST', headers: { ...headers, ...length } };
  const request = http.request(url + path, options, (answer) => {
    answer.resume();
    answer.on('close', () => resolve(answer.complete ? (answer.statusCode ?? 0) : 0));
  });
  request.on('error', () => resolve(0));
  request.end(body);
  return promise;
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const { url, requests, count, connections, from } = plan;
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections, localAddress: from });
  const times: number[] = [];
  const statuses: Record<number, number> = {};
  const send = async (index: number, planned: number): Promise<void> => {
    const request = requests[index % requests.length];
    if (!request) throw new Error('nothing to ask for');
    const status = await ask(url, agent, request);
    times[index] = performance.now() - planned;
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const begun = performance.now();
  await (plan.perSecond === undefined
    ? atOnce(count, connections, send)
    : atRate(count, plan.perSecond, send));
  const seconds = (performance.now() - begun) / 1000;
  agent.destroy();
  return { seconds, times, statuses };
}

type Send = (index: number, planned: number) => Promise<void>;

/** Each connection sends its next request when the last one was answered. */
async function atOnce(count: number, connections: number, send: Send): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await send(next - 1, performance.now());
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
}

/** Requests come at a constant rate, whatever became of those before them. */
async function atRate(count: number, perSecond: number, send: Send): Promise<void> {
  const begun = performance.now();
  const sends: Promise<void>[] = [];
  while (sends.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - begun) / 1000) * perSecond) + 1);
    while (sends.length < due) sends.push(send(sends.length, begun + (sends.length / perSecond) * 1000));
    await delay(TICK_MS);
  }
  await Promise.all(sends);
}

process.once('message', (plan: LoadPlan) => {
  void run(plan).then((result) => process.send?.(result, () => process.disconnect()));
});
