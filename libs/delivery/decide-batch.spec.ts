import { DEFAULT_DEADLINES } from '#rules';
import { decideBatch, readSettings } from './decide-batch.ts';
import { decodeBatch } from './decode-batch.ts';
import { callWorld } from './testing/fakes.ts';
import { AT, callRecord, LINE } from './testing/records.ts';

const NOW = AT + 20_000;
const installation = callWorld().deps.installation;
const nothingKnown = { known: { numbers: new Map(), lines: new Map() }, broken: new Set<string>() };

describe('decoding and deciding a batch', () => {
  it('are functions of values: a verdict for each record, in order within its group', async () => {
    const records = [
      { ...callRecord('1'), value: Buffer.from('{') },
      callRecord('2', '2', { outcome: 'answered' }),
      callRecord('3'),
      callRecord('4'),
    ];
    const decoded = decodeBatch(records);
    const settings = await readSettings(callWorld().deps.stores.settings, decoded);
    const { finished, pending, faults } = decideBatch(decoded, settings, NOW, installation);
    expect(finished).toMatchObject([
      { verdict: 'dead', record: records[0], reason: 'malformed' },
      { verdict: 'suppressed', record: records[1], decision: { reason: 'answered' } },
    ]);
    expect(pending.map(({ verdict, record }) => [verdict, record])).toEqual([
      ['to-notify', records[2]],
      ['to-notify', records[3]],
    ]);
    expect(faults).toEqual([]);
  });

  it('ask the settings of each number once', async () => {
    const asked: (readonly string[])[] = [];
    const store = {
      numbers: async (numbers: readonly string[]) => {
        asked.push(numbers);
        return numbers.map(() => undefined);
      },
      lines: () => Promise.reject(new Error('no line was to be asked for')),
    };
    await readSettings(store, decodeBatch([callRecord('1'), callRecord('2')]));
    expect(asked).toEqual([[LINE]]);
  });

  it('call a record dead whose settings cannot be read, or whose decision meets a bug', () => {
    const decoded = decodeBatch([callRecord('1')]);
    const broken = { ...nothingKnown, broken: new Set([LINE]) };
    expect(decideBatch(decoded, broken, NOW, installation).finished).toMatchObject([
      { verdict: 'dead', reason: 'internal-error', problem: 'the stored settings cannot be read' },
    ]);
    const bug = new TypeError('boom');
    const buggy = {
      ...installation,
      deadlinesOf: (): typeof DEFAULT_DEADLINES => {
        throw bug;
      },
    };
    expect(decideBatch(decoded, nothingKnown, NOW, buggy).finished).toMatchObject([
      { verdict: 'dead', reason: 'internal-error', problem: 'deciding failed', bug },
    ]);
  });
});
