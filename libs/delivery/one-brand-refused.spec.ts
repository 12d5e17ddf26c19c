import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { RelayRefusal, SendResult } from '#mail';
import { deliver } from './deliver.ts';
import { CircuitBreaker } from './breaker/circuit-breaker.ts';
import { createDeliveryMetrics } from './metrics.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { fakeBatch, fakeWorld, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, callRecord, LINE, numberSettings } from './testing/records.ts';

const refused = (by: RelayRefusal): SendResult => ({
  kind: 'later',
  response: '550 5.7.1 No',
  code: '550',
  refusedUs: by,
});

interface Relay {
  readonly world: FakeWorld;
  readonly breaker: CircuitBreaker;
  /** Delivers one mail, which the relay answers like this. */
  send(answer: RelayRefusal | 'accepted'): Promise<void>;
}

/** A notifier with its real circuit breaker, before a relay that answers each mail as it is told. Each probe finds it. */
function relay(): Relay {
  const script: Record<string, (() => SendResult)[]> = {};
  const world = fakeWorld(createInMemoryLedger({ now: () => AT }), script, () => AT);
  const breaker = new CircuitBreaker({
    probe: { smtp: () => Promise.resolve(undefined), redis: () => Promise.resolve(undefined) },
    connections: 20,
    allowConnections: () => undefined,
    metrics: createDeliveryMetrics(new Registry()),
    log: world.deps.telemetry.log,
    now: () => AT,
  });
  let count = 0;
  return {
    world,
    breaker,
    async send(answer) {
      count += 1;
      const address = `a${count}@example.jp`;
      if (answer !== 'accepted') script[address] = [() => refused(answer)];
      world.numbers.set(LINE, numberSettings(address));
      await deliver(withDeps(world.deps, { flow: { breaker } }), fakeBatch([callRecord(String(count))]));
    },
  };
}

describe('a relay that refuses one brand', () => {
  it('gets the mails of the others all the same, whatever share that brand has', async () => {
    const mails = fc.array(
      fc.constantFrom<RelayRefusal | 'accepted'>('sender', 'sender', 'sender', 'accepted'),
      {
        minLength: 10,
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(mails, async (answers) => {
        const { world, breaker, send } = relay();
        for (const answer of answers) {
          await send(answer);
          expect(breaker.isOpen()).toBe(false);
        }
        expect(world.seen.sent).toHaveLength(answers.filter((answer) => answer === 'accepted').length);
        const attempts = world.seen.retries.map(({ headers }) => headers['retry-attempts']);
        expect(attempts).toEqual(answers.filter((answer) => answer === 'sender').map(() => '1'));
        breaker.stop();
      }),
      { numRuns: 20 },
    );
  });

  it.each(['login', 'access', 'limit', 'name', 'server'] as const)(
    'holds the lanes when it then refuses everybody (%s), although refusals of the brand stand between',
    async (cause) => {
      const { breaker, send } = relay();
      for (const answer of [cause, 'sender', cause, 'sender', 'sender'] as const) await send(answer);
      expect(breaker.isOpen()).toBe(false);
      await send(cause);
      expect(breaker.isOpen()).toBe(true);
      breaker.stop();
    },
  );

  it('does not end that by refusing the brand: one refusal of us more holds the lanes again', async () => {
    const { breaker, world, send } = relay();
    const isBack = new Promise<void>((resolve) => breaker.onChange((isOpen) => !isOpen && resolve()));
    for (const answer of ['limit', 'limit', 'limit'] as const) await send(answer);
    await isBack;
    await send('sender');
    expect(breaker.isOpen()).toBe(false);
    await send('limit');
    expect(breaker.isOpen()).toBe(true);
    const attempts = world.seen.retries.map(({ headers }) => headers['retry-attempts']);
    expect(attempts).toEqual(['1', '1', '0', '1', '0']);
    breaker.stop();
  });
});
