import type { Registry } from 'prom-client';

/** Returns why the app is not ready, or `undefined` when it is. The reason contains no personal data. */
export type ReadyCheck = () => string | undefined | Promise<string | undefined>;

/** The part of an HTTP framework's response that is needed here; Express's `Response` fits. */
interface Answer {
  status(code: number): Answer;
  set(header: string, value: string): Answer;
  send(body: string): unknown;
}

/** The part of Nest's HTTP adapter that is needed here. */
export interface Routes {
  get(path: string, handler: (request: unknown, answer: Answer) => void): unknown;
}

export interface Health {
  readonly checks: Readonly<Record<string, ReadyCheck>>;
  readonly registry: Registry;
  /** How long one check may take before it counts as failed, in milliseconds. */
  readonly timeoutMs?: number;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Serves `/livez`, `/readyz` and `/metrics`. Call before the app listens. */
export function serveHealth(routes: Routes, health: Health): void {
  const json = (answer: Answer, code: number, body: object): unknown =>
    answer
      .status(code)
      .set('content-type', 'application/json')
      .set('cache-control', 'no-store')
      .send(JSON.stringify(body));
  routes.get('/livez', (_, answer) => void json(answer, 200, { status: 'alive' }));
  routes.get('/readyz', (_, answer) => {
    void notReadyBecause(health).then((reasons) =>
      reasons.length === 0
        ? json(answer, 200, { status: 'ready' })
        : json(answer, 503, { status: 'not-ready', reasons }),
    );
  });
  routes.get('/metrics', (_, answer) => {
    void health.registry.metrics().then(
      (text) => answer.status(200).set('content-type', health.registry.contentType).send(text),
      () => json(answer, 500, { status: 'metrics cannot be collected' }),
    );
  });
}

/** Why the app is not ready: one reason for each failed check, none when it is ready. Never rejects. */
export async function notReadyBecause({
  checks,
  timeoutMs = CHECK_TIMEOUT_MS,
}: Health): Promise<{ readonly check: string; readonly reason: string }[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([check, run]) => ({ check, reason: await within(run, timeoutMs) })),
  );
  return results.flatMap(({ check, reason }) => (reason === undefined ? [] : [{ check, reason }]));
}

async function within(run: ReadyCheck, timeoutMs: number): Promise<string | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
