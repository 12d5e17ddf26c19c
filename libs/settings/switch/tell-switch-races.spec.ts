import fc from 'fast-check';
import { hear } from '../testing/switch-log.ts';
import { InMemorySettingsRepository } from '../testing/in-memory-settings-repository.ts';
import { LINE, NUMBER } from '../testing/settings-for-test.ts';
import type { SwitchOutbox } from './switch-outbox.ts';
import { tellSwitch, type SwitchRecord, type TellDeps } from './tell-switch.ts';

const PLACE = `bulk-transfer:${LINE}` as const;
const never = new AbortController().signal;
const LEASE_MS = 15_000;

/** What happens in a run: writes, tellers that may die before one of their calls, and which call goes on next. */
const run = fc.record({
  writes: fc.array(fc.record({ enabled: fc.boolean(), to: fc.integer({ min: 0, max: 9 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  deaths: fc.array(fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }), {
    minLength: 2,
    maxLength: 3,
  }),
  choices: fc.array(fc.nat(), { minLength: 30, maxLength: 40 }),
  // Together less than what was sent may take to arrive.
  freezes: fc.uniqueArray(fc.nat({ max: 25 }), { maxLength: 3 }),
});

/** Calls that wait for their turn. */
function createTurns() {
  const waiting: (() => void)[] = [];
  return {
    turn: () => new Promise<void>((resolve) => void waiting.push(resolve)),
    async next(choice: number): Promise<boolean> {
      await new Promise(setImmediate);
      const [go] = waiting.length === 0 ? [] : waiting.splice(choice % waiting.length, 1);
      go?.();
      return go !== undefined;
    },
  };
}

async function play({
  writes,
  deaths,
  choices,
  freezes,
}: typeof run extends fc.Arbitrary<infer T> ? T : never) {
  const repository = new InMemorySettingsRepository();
  await repository.putLine({ lineNumber: LINE, brand: 'b', contractor: '', numbers: [LINE, NUMBER] });
  const clock = { ms: Date.now() };
  const log: SwitchRecord[] = [];
  const turns = createTurns();
  const teller = (diesAt: number | undefined): TellDeps => {
    let calls = 0;
    const call = async (): Promise<void> => {
      calls += 1;
      await (calls - 1 === diesAt ? new Promise<void>(() => undefined) : turns.turn());
    };
    return {
      now: () => clock.ms,
      outbox: slowed(repository.outbox, call),
      publisher: {
        publish: async ([record]) => {
          await call();
          // What was sent arrives, whatever becomes of its sender.
          const arrived = turns.turn().then(() => void log.push(record!));
          await Promise.all([arrived, call()]);
        },
      },
    };
  };
  const write = ({ enabled, to }: (typeof writes)[number]): Promise<unknown> =>
    repository.putBulkTransfer(LINE, { enabled, destinations: { [NUMBER]: `069876543${to}` } });
  const [first, ...others] = writes;
  if (first) await write(first);
  for (const one of others) void turns.turn().then(() => write(one));
  for (const diesAt of deaths) void turns.turn().then(() => tellSwitch(teller(diesAt), PLACE, never));
  for (const [index, choice] of choices.entries()) {
    await turns.next(choice);
    if (freezes.includes(index)) clock.ms += LEASE_MS;
  }
  while (await turns.next(0));
  return { repository, clock, log };
}

/** The same outbox, each call of which waits before it is made. */
function slowed(outbox: SwitchOutbox, call: () => Promise<void>): SwitchOutbox {
  return {
    waiting: () => outbox.waiting(),
    backlog: () => outbox.backlog(),
    onNews: (listener) => outbox.onNews(listener),
    change: async (place, step) => (await call(), outbox.change(place, step)),
    forget: async (place) => (await call(), outbox.forget(place)),
  };
}

it('V5 several tell the same line, freeze and die: nothing is missing, and the newest state is the last', async () => {
  await fc.assert(
    fc.asyncProperty(run, async (plan) => {
      const { repository, clock, log } = await play(plan);
      const deps: TellDeps = {
        outbox: repository.outbox,
        now: () => clock.ms,
        publisher: { publish: async (records) => void log.push(...records) },
      };
      for (let round = 0; (await repository.outbox.waiting()).length > 0; round += 1) {
        expect(round).toBeLessThan(5);
        clock.ms += 60_000;
        await tellSwitch(deps, PLACE, never);
      }
      const { value } = (await repository.getBulkTransfer(LINE))!;
      const { settings, kept, commands } = hear(log);
      const newest = { lineNumber: LINE, destinations: value.destinations };
      expect(kept.get(`bulk-transfer-settings.v1 ${LINE}`)).toMatchObject(newest);
      expect(settings.get(`bulk-transfer-settings.v1 ${LINE}`)).toMatchObject(newest);
      expect(await repository.isTold(PLACE)).toBe(true);
      // Each was a change, so starts and stops take turns.
      const actions = commands.map(({ action }) => action);
      expect(actions).toEqual(actions.map((_, index) => (index % 2 === 0 ? 'start' : 'stop')));
      expect(actions.at(-1) === 'start').toBe(value.enabled);
    }),
    { numRuns: 1_000 },
  );
});
