import fc from 'fast-check';
import { createSettingsRepository } from '#redis';
import { EMPTY_VOICE_WARP } from '#rules';
import type { Line, SettingsRepository, SwitchOutbox } from '#settings';
import { InMemorySettingsRepository } from '../../libs/settings/testing/in-memory-settings-repository.ts';
import { openRedis } from './redis-for-test.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';
const TO = '0698765432';
const line = { lineNumber: LINE, brand: 'ntt-east', contractor: '', numbers: [LINE, NUMBER] };
const destinations = { [NUMBER]: TO };

type Repository = SettingsRepository & { readonly outbox: SwitchOutbox };

const contracting = (transfer: boolean, warp: boolean): Line => ({
  ...line,
  services: {
    ...(transfer ? {} : { [LINE]: ['fault-notice', 'voice-warp'] as const }),
    ...(warp ? {} : { [NUMBER]: ['call-notice'] as const }),
  },
});

/** What a subscriber and the operator do, one after another. */
type Step =
  | { readonly kind: 'contract'; readonly transfer: boolean; readonly warp: boolean }
  | { readonly kind: 'transfer' | 'warp'; readonly enabled: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('contract' as const), transfer: fc.boolean(), warp: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('transfer' as const, 'warp' as const), enabled: fc.boolean() }),
);

async function perform(repository: Repository, todo: Step): Promise<void> {
  if (todo.kind === 'contract') await repository.putLine(contracting(todo.transfer, todo.warp));
  else if (todo.kind === 'transfer')
    await repository.putBulkTransfer(LINE, { enabled: todo.enabled, destinations });
  else {
    const to = [TO, null, null, null];
    await repository.putSection(NUMBER, 'voiceWarp', {
      ...EMPTY_VOICE_WARP,
      enabled: todo.enabled,
      destinations: to,
    });
  }
}

/** What is on: what was started since it was last contracted, and only while it is. */
interface Expected {
  readonly contracted: { readonly transfer: boolean; readonly warp: boolean };
  readonly on: { readonly transfer: boolean; readonly warp: boolean };
}

function after({ contracted, on }: Expected, todo: Step): Expected {
  if (todo.kind !== 'contract') return { contracted, on: { ...on, [todo.kind]: todo.enabled } };
  const stays = (what: 'transfer' | 'warp'): boolean => on[what] && contracted[what] && todo[what];
  return {
    contracted: { transfer: todo.transfer, warp: todo.warp },
    on: { transfer: stays('transfer'), warp: stays('warp') },
  };
}

const read = async (repository: Repository) => ({
  transfer: (await repository.getBulkTransfer(LINE))!,
  warp: (await repository.getSection(NUMBER, 'voiceWarp'))!,
});

const orders = (repository: Repository): Promise<readonly string[]> =>
  repository.outbox.change(`bulk-transfer:${LINE}`, ({ commands }) => ({
    result: commands.map(({ action }) => action),
  }));

describe.each<readonly [string, () => Promise<Repository>]>([
  ['in memory', async () => new InMemorySettingsRepository()],
  ['in Redis', async () => createSettingsRepository(await openRedis(), { canAwaitDisk: false })],
])('A13 what is not contracted any more, %s', (_where, open) => {
  it('V2 V3 keeps its destinations, and forwards nothing because it is contracted again', async () => {
    const repository = await open();
    await repository.putLine(contracting(true, true));
    await perform(repository, { kind: 'transfer', enabled: true });
    await perform(repository, { kind: 'warp', enabled: true });
    const before = await read(repository);
    await repository.putLine({ ...contracting(true, true), contractor: '乙' });
    expect(await read(repository)).toMatchObject(before);
    await repository.putLine(contracting(false, false));
    await repository.putLine(contracting(true, true));
    const now = await read(repository);
    expect(now.transfer.value).toEqual({ enabled: false, destinations });
    expect(now.warp.value).toEqual({ ...before.warp.value, enabled: false });
    expect(now.transfer.version).not.toBe(before.transfer.version);
    expect(now.warp.version).not.toBe(before.warp.version);
    expect(await orders(repository)).toEqual(['start', 'stop']);
  });

  it('V2 V3 is on only when it was started since it was contracted', async () => {
    const repository = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await repository.deleteLine(LINE);
        await repository.putLine(contracting(true, true));
        let expected: Expected = {
          contracted: { transfer: true, warp: true },
          on: { transfer: false, warp: false },
        };
        for (const todo of steps) {
          await perform(repository, todo);
          expected = after(expected, todo);
        }
        const { transfer, warp } = await read(repository);
        const { contracted, on } = expected;
        // What is not contracted forwards nothing, whatever was written meanwhile.
        expect([
          contracted.transfer && transfer.value.enabled,
          contracted.warp && warp.value.enabled,
        ]).toEqual([contracted.transfer && on.transfer, contracted.warp && on.warp]);
      }),
      { numRuns: 100 },
    );
  });
});
