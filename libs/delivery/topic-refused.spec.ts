import { deliver } from './deliver.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { boom, later, redisUnavailable } from './testing/failures.ts';
import { fakeBatch, fakeWorld, retried, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, callRecord, faultRecord, LINE, lineSettings, numberSettings } from './testing/records.ts';

const A = 'a@example.jp';
const B = 'b@example.jp';

/** As libs/kafka says that a topic is not ours to write (any more). */
const noRights = (): Error =>
  Object.assign(new Error('Kafka: TOPIC_AUTHORIZATION_FAILED'), { code: 'not-authorized', retryable: false });

interface Refusing extends FakeWorld {
  readonly clock: { now: number };
  /** The ports whose topics are refused now. */
  readonly refused: Set<'outcomes' | 'retries' | 'deadLetters' | 'commands'>;
}

function refusing(script: Parameters<typeof fakeWorld>[1] = {}): Refusing {
  const clock = { now: AT + 20_000 };
  const now = (): number => clock.now;
  const world = fakeWorld(createInMemoryLedger({ now }), script, now);
  world.numbers.set(LINE, numberSettings(A, B));
  world.lines.set(LINE, lineSettings(A));
  const refused: Refusing['refused'] = new Set();
  const { outcomes, retries, deadLetters, commands } = world.deps.publishing;
  const unless = async (port: typeof refused extends Set<infer P> ? P : never, work: () => Promise<void>) => {
    if (refused.has(port)) throw noRights();
    return work();
  };
  const publishing: FakeWorld['deps']['publishing'] = {
    outcomes: { publish: (items) => unless('outcomes', () => outcomes.publish(items)) },
    retries: { put: (...given) => unless('retries', () => retries.put(...given)) },
    deadLetters: { keep: (...given) => unless('deadLetters', () => deadLetters.keep(...given)) },
    commands: { bulkTransfer: (command) => unless('commands', () => commands.bulkTransfer(command)) },
  };
  return { ...world, deps: withDeps(world.deps, { publishing }), clock, refused };
}

describe('a topic that Kafka does not let us write any more', () => {
  it('of retries keeps the record of a mail refused for now, until its retry can be put there', async () => {
    const world = refusing({ [A]: [later] });
    const { deps, seen, refused } = world;
    refused.add('retries');
    for (let round = 0; round < 3; round += 1) {
      const batch = fakeBatch([callRecord('1'), callRecord('2')]);
      await deliver(deps, batch);
      expect(batch.offsets).toEqual(['2']);
    }
    expect(seen.deadLetters).toEqual([]);
    refused.clear();
    const batch = fakeBatch([callRecord('1')]);
    await deliver(deps, batch);
    expect(batch.offsets).toEqual(['1']);
    world.clock.now += 10_000;
    await deliver(deps, fakeBatch(retried(world)));
    expect(seen.sent.map(({ address }) => address).toSorted()).toEqual([A, A, B, B]);
    expect(seen.outcomes.at(-1)).toMatchObject({
      recipients: [{ state: 'accepted' }, { state: 'accepted' }],
    });
  });

  it('of outcomes brings no retry record with each look at the event', async () => {
    const { deps, seen, refused } = refusing({ [A]: [later] });
    refused.add('outcomes');
    for (let round = 0; round < 3; round += 1) await deliver(deps, fakeBatch([callRecord('1')]));
    refused.clear();
    const batch = fakeBatch([callRecord('1')]);
    await deliver(deps, batch);
    expect(batch.offsets).toEqual(['1']);
    expect([seen.retries.length, seen.deadLetters.length, seen.sent.length]).toEqual([1, 0, 1]);
  });

  it('R3 of commands keeps the fault, its command and its mail', async () => {
    const { deps, seen, refused } = refusing();
    refused.add('commands');
    const fault = faultRecord('fault.v1', '1', 0);
    const batch = fakeBatch([fault]);
    await deliver(deps, batch);
    expect([batch.offsets, seen.deadLetters]).toEqual([[], []]);
    refused.clear();
    await deliver(deps, fakeBatch([fault]));
    expect(seen.commands).toHaveLength(1);
    expect(seen.sent).toMatchObject([{ address: A }]);
  });

  it('of dead letters keeps the record that belongs there, and counts it when it is kept', async () => {
    const { deps, seen, refused } = refusing();
    const counted = async (): Promise<number | undefined> =>
      (await deps.telemetry.metrics.deadLetters.get()).values.find(
        ({ labels }) => labels.reason === 'internal-error',
      )?.value;
    refused.add('deadLetters');
    for (let round = 0; round < 3; round += 1) {
      const batch = fakeBatch([callRecord('1'), { ...callRecord('2'), value: Buffer.from('{') }]);
      await deliver(withDeps(deps, { mailing: { compose: boom } }), batch);
      expect(batch.offsets).toEqual([]);
    }
    expect(await counted()).toBe(0);
    refused.clear();
    await deliver(withDeps(deps, { mailing: { compose: boom } }), fakeBatch([callRecord('1')]));
    expect([await counted(), seen.deadLetters.length]).toEqual([1, 1]);
  });
});

describe('an answer in hand that Redis does not take', () => {
  it.each([
    ['Kafka does not let us write the topic', noRights()],
    [
      'Kafka refuses the record',
      Object.assign(new Error('INVALID_RECORD'), { code: 'kafka', retryable: false }),
    ],
    ['the publisher is closed', Object.assign(new Error('closed'), { code: 'closed', retryable: false })],
  ])('is offered again and again while %s', async (_title, refusal) => {
    const { deps, seen, numbers } = refusing();
    numbers.set(LINE, numberSettings(A));
    let offers = 0;
    const ledger = {
      ...deps.stores.ledger,
      record: (...given: Parameters<typeof deps.stores.ledger.record>) => {
        offers += 1;
        return offers <= 6 ? Promise.reject(redisUnavailable()) : deps.stores.ledger.record(...given);
      },
    };
    const retries = { put: () => Promise.reject(refusal) };
    const batch = fakeBatch([callRecord('1')]);
    await deliver(withDeps(deps, { stores: { ledger }, publishing: { retries } }), batch);
    await deps.flow.inFlight.drained();
    expect(seen.deadLetters).toEqual([]);
    expect((await deps.stores.ledger.find('switch-1', '1'))?.rows).toMatchObject([{ state: 'accepted' }]);
  });
});
