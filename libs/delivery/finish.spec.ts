import { decode, type NotifyEvent } from '#events';
import { finish } from './finish.ts';
import { HELD, type Dead, type Suppressed } from './verdict.ts';
import { boom } from './testing/failures.ts';
import { callWorld, fakeBatch, withDeps } from './testing/fakes.ts';
import { callRecord } from './testing/records.ts';

function eventOf(record: ReturnType<typeof callRecord>): NotifyEvent {
  const decoded = decode(record);
  return decoded.ok ? decoded.event : boom();
}

function suppressed(id: string): Suppressed {
  const record = callRecord(id);
  const decision = { reason: 'answered', recipients: [], deadline: 0, brand: null } as const;
  return { verdict: 'suppressed', record, event: eventOf(record), decision };
}

const dead = (id: string, bug?: unknown): Dead => {
  const about = { reason: 'internal-error', problem: 'TypeError' } as const;
  return { verdict: 'dead', record: callRecord(id), ...about, ...(bug === undefined ? {} : { bug }) };
};

describe('finish', () => {
  it('publishes the outcomes of suppressed events in one call, and acknowledges their records after it', async () => {
    const { deps } = callWorld();
    const batch = fakeBatch([callRecord('1'), callRecord('2')]);
    const calls: [count: number, acknowledged: number][] = [];
    const outcomes: typeof deps.publishing.outcomes = {
      publish: async (items) => void calls.push([items.length, batch.offsets.length]),
    };
    const verdicts = [suppressed('1'), suppressed('2')];
    expect(await finish(withDeps(deps, { publishing: { outcomes } }), batch, verdicts)).toBe(true);
    expect(calls).toEqual([[2, 0]]);
    expect(batch.offsets).toEqual(['1', '2']);
    expect((await deps.telemetry.metrics.decisions.get()).values).toContainEqual(
      expect.objectContaining({ labels: { kind: 'call', reason: 'answered' }, value: 2 }),
    );
  });

  it('leaves a held record where it is, and finishes the others', async () => {
    const { seen, deps } = callWorld();
    const batch = fakeBatch([callRecord('1'), callRecord('2'), callRecord('3')]);
    expect(await finish(deps, batch, [HELD, suppressed('2'), dead('3')])).toBe(false);
    expect(batch.offsets.toSorted()).toEqual(['2', '3']);
    expect(seen.outcomes).toMatchObject([{ eventId: '2' }]);
    expect(seen.deadLetters).toMatchObject([{ reason: 'internal-error', error: 'TypeError' }]);
  });

  it('keeps a dead letter to its end also when the outcomes are refused before', async () => {
    const { deps } = callWorld();
    const batch = fakeBatch([callRecord('1'), callRecord('2')]);
    const outcomes: typeof deps.publishing.outcomes = { publish: () => Promise.reject(new Error('refused')) };
    const deadLetters: typeof deps.publishing.deadLetters = {
      keep: () => new Promise((resolve) => setImmediate(resolve)),
    };
    const broken = withDeps(deps, { publishing: { outcomes, deadLetters } });
    await expect(finish(broken, batch, [suppressed('1'), dead('2')])).rejects.toThrow('refused');
    expect(batch.offsets).toEqual(['2']);
  });

  it('logs a bug, and publishes nothing of it but its name', async () => {
    const { seen, deps } = callWorld();
    await finish(deps, fakeBatch([callRecord('1')]), [dead('1', new TypeError('09012345678'))]);
    expect(seen.logged).toEqual(['A record met a bug and went to the dead letters']);
    expect(seen.deadLetters.map(({ error }) => error)).toEqual(['TypeError']);
  });
});
