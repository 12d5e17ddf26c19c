import { deliver } from './deliver.ts';
import { boom, kafkaUnavailable } from './testing/failures.ts';
import { fakeBatch, fakeWorld, withDeps, type FakeWorld } from './testing/fakes.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { AT, callRecord, LINE, numberSettings } from './testing/records.ts';

const now = (): number => AT + 20_000;

function world(): FakeWorld {
  const made = fakeWorld(createInMemoryLedger({ now }), {}, now);
  made.numbers.set(LINE, numberSettings('a@example.jp'));
  return made;
}

/** Keeps all dead letters but that of the record at offset 1. */
function refusingTheFirst({ deps }: FakeWorld, error: Error): FakeWorld['deps'] {
  const { deadLetters } = deps.publishing;
  return withDeps(deps, {
    publishing: {
      deadLetters: {
        keep: (record, ...given) =>
          record.offset === '1' ? Promise.reject(error) : deadLetters.keep(record, ...given),
      },
    },
  });
}

const malformed = (id: string): ReturnType<typeof callRecord> => ({
  ...callRecord(id),
  value: Buffer.from('{'),
});

describe('a dead letter that is refused', () => {
  it('leaves only its record unacknowledged, and all others go on', async () => {
    const made = world();
    const batch = fakeBatch([malformed('1'), malformed('2'), callRecord('3')]);
    await deliver(refusingTheFirst(made, new Error('POLICY_VIOLATION')), batch);
    expect(batch.offsets.toSorted()).toEqual(['2', '3']);
    expect(made.seen.deadLetters.map(({ record }) => record.offset)).toEqual(['2']);
    expect(made.seen.logged).toEqual(['A record could not be kept as a dead letter']);
    expect(made.seen.sent).toHaveLength(1);
  });

  it('is not said to be kept when its record met a bug', async () => {
    const made = world();
    const refusing = refusingTheFirst(made, new Error('POLICY_VIOLATION'));
    const deps = withDeps(refusing, { mailing: { compose: boom } });
    const batch = fakeBatch([callRecord('1'), callRecord('2')]);
    await deliver(deps, batch);
    expect(made.seen.deadLetters.map(({ record }) => record.offset)).toEqual(['2']);
    expect(batch.offsets).not.toContain('1');
  });

  it('fails the batch when it is Kafka that is unavailable', async () => {
    const made = world();
    const working = deliver(
      refusingTheFirst(made, kafkaUnavailable()),
      fakeBatch([malformed('1'), callRecord('2')]),
    );
    await expect(working).rejects.toThrow('unavailable');
  });
});
