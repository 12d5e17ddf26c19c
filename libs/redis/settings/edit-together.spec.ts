import fc from 'fast-check';
import { EMPTY_CALL_NOTICE, type CallNotice } from '#rules';
import type { CallNoticeWrite } from '#settings';
import { createKeys } from '../keys.ts';
import { newVersion } from '../stored-text.ts';
import { newNumber, parseLine, parseNumber, type NumberDocument } from './documents.ts';
import type { Edit } from './edit-store.ts';
import { editTogether, settle, settleEdits, type EditParts } from './edit-together.ts';

const LINE = {
  lineNumber: '0312345678',
  brand: 'ntt-east',
  contractor: '',
  numbers: ['0312345678', '0312345679', '0312345680'],
};
const NUMBERS = LINE.numbers;
const keys = createKeys('');

/** What is stored, and the clock. */
interface Memory {
  readonly texts: Map<string, string>;
  readonly edits: Map<string, string>;
  now: number;
}

/** A line whose numbers have everything off. */
function memory(): Memory {
  const line = { settings: { ...LINE, faultNotice: {} }, versions: {} };
  const numbers = NUMBERS.map(
    (number) => [keys.number(number), JSON.stringify(newNumber(number, LINE))] as const,
  );
  return {
    texts: new Map([[keys.line(LINE.lineNumber), JSON.stringify(line)], ...numbers]),
    edits: new Map(),
    now: 0,
  };
}

/** Works on what is stored. `step` runs before each command: it can wait, or throw for a process that dies there. */
function partsOn(stored: Memory, step: () => Promise<void> = async () => undefined): EditParts {
  const swapped = (
    texts: Map<string, string>,
    key: string,
    before: string | null,
    after: string | null,
  ): boolean => {
    if ((texts.get(key) ?? null) === after) return true;
    if ((texts.get(key) ?? null) !== before) return false;
    if (after === null) texts.delete(key);
    else texts.set(key, after);
    return true;
  };
  const read = (text: string) => ({ text, edit: JSON.parse(text) as Edit });
  return {
    store: {
      keys,
      lines: async (lineNumbers) => {
        await step();
        return lineNumbers.map((lineNumber) => {
          const text = stored.texts.get(keys.line(lineNumber)) ?? null;
          return { text, document: text === null ? undefined : parseLine(text, lineNumber) };
        });
      },
      numbers: async (numbers) => {
        await step();
        return numbers.map((number) => {
          const text = stored.texts.get(keys.number(number)) ?? null;
          return { text, document: text === null ? undefined : parseNumber(text, number) };
        });
      },
      swap: async (key, before, after) => {
        await step();
        return swapped(stored.texts, key, before, after);
      },
    },
    edits: {
      key: 'edits',
      read: async (id) => {
        await step();
        const text = stored.edits.get(id);
        return text === undefined ? undefined : read(text);
      },
      all: async () => {
        await step();
        return new Map([...stored.edits].map(([id, text]) => [id, read(text)]));
      },
      swap: async (id, before, after) => {
        await step();
        return swapped(stored.edits, id, before, after === null ? null : JSON.stringify(after));
      },
    },
    onDisk: step,
    now: () => stored.now,
  };
}

const documentOf = (stored: Memory, number: string): NumberDocument =>
  parseNumber(stored.texts.get(keys.number(number)) ?? '', number);
const addressOf = (stored: Memory, number: string): string =>
  documentOf(stored, number).settings.callNotice.recipients[0]?.address ?? '';
const noticeTo = (address: string): CallNotice => ({
  ...EMPTY_CALL_NOTICE,
  recipients: [{ address, enabled: true }],
});
/** Writes of these numbers' call notices, under the versions that they have now. */
const writesOf = (stored: Memory, numbers: readonly string[], address: string): CallNoticeWrite[] =>
  numbers.map((number) => ({
    number,
    value: noticeTo(address),
    version: documentOf(stored, number).versions.callNotice,
  }));

/** Writes one number's call notice as everybody else does. */
async function writeOne(parts: EditParts, number: string, address: string): Promise<void> {
  for (;;) {
    const [read] = await parts.store.numbers([number]);
    const document = read?.document;
    if (!read || !document) return;
    if (document.prepared) {
      await settle(parts, number, read);
      continue;
    }
    const after = {
      ...document,
      settings: { ...document.settings, callNotice: noticeTo(address) },
      versions: { ...document.versions, callNotice: newVersion() },
    };
    if (await parts.store.swap(keys.number(number), read.text, JSON.stringify(after))) return;
  }
}

/** Lets a process live for so many commands. */
function dying(lives: number): () => Promise<void> {
  let left = lives;
  return async () => {
    left -= 1;
    if (left < 0) throw new Error('the process died');
  };
}

const expectNothingPrepared = (stored: Memory): void => {
  expect(stored.edits.size).toBe(0);
  expect(NUMBERS.filter((number) => documentOf(stored, number).prepared)).toEqual([]);
};

describe('C14 the call notices of many numbers', () => {
  it('are all written, each with a new version, and the edit is forgotten', async () => {
    const stored = memory();
    const writes = writesOf(stored, NUMBERS, 'a@example.jp');
    expect(await editTogether(partsOn(stored), writes)).toBe('written');
    expect(NUMBERS.map((number) => addressOf(stored, number))).toEqual(Array(3).fill('a@example.jp'));
    const versions = NUMBERS.map((number) => documentOf(stored, number).versions.callNotice);
    expect(versions).not.toEqual(expect.arrayContaining([writes[0]?.version]));
    await settleEdits(partsOn(stored));
    expectNothingPrepared(stored);
  });

  it.each([0, 1, 2])('are none of them written when number %i has changed', async (index) => {
    const stored = memory();
    const writes = writesOf(stored, NUMBERS, 'a@example.jp');
    await writeOne(partsOn(stored), NUMBERS[index] ?? '', 'b@example.jp');
    const before = new Map(stored.texts);
    expect(await editTogether(partsOn(stored), writes)).toBe('stale');
    expect(stored.texts).toEqual(before);
    expectNothingPrepared(stored);
  });

  it.each(['is nobody’s', 'is not listed by its line'])(
    'are none of them written when one %s',
    async (how) => {
      const stored = memory();
      const writes = writesOf(stored, NUMBERS, 'a@example.jp');
      if (how === 'is nobody’s') stored.texts.delete(keys.number('0312345680'));
      else {
        const line = { settings: { ...LINE, numbers: NUMBERS.slice(0, 2), faultNotice: {} }, versions: {} };
        stored.texts.set(keys.line(LINE.lineNumber), JSON.stringify(line));
      }
      expect(await editTogether(partsOn(stored), writes)).toBe('stale');
      expect(addressOf(stored, NUMBERS[0]!)).toBe('');
    },
  );

  /** Cuts an edit short at each of its commands in turn; `after` is what comes then. Resolves with how often it was done. */
  const cutEverywhere = async (
    after: (stored: Memory) => Promise<void>,
  ): Promise<{ done: number; undone: number }> => {
    const seen = { done: 0, undone: 0 };
    for (let lives = 0; ; lives += 1) {
      const stored = memory();
      const writes = writesOf(stored, NUMBERS, 'a@example.jp');
      const result = await editTogether(partsOn(stored, dying(lives)), writes).catch(() => 'died');
      await after(stored);
      const addresses = new Set(NUMBERS.map((number) => addressOf(stored, number)));
      expect([...addresses]).toHaveLength(1);
      expectNothingPrepared(stored);
      seen[addresses.has('a@example.jp') ? 'done' : 'undone'] += 1;
      if (result === 'written') return seen;
    }
  };

  it('are all written or none when the process dies, wherever it does', async () => {
    const seen = await cutEverywhere(async (stored) => {
      stored.now = 60_000;
      await settleEdits(partsOn(stored));
      // What came after the edit was given up is dropped by whoever writes there.
      for (const number of NUMBERS) await settleOne(stored, number);
    });
    expect(seen.done).toBeGreaterThan(3);
    expect(seen.undone).toBeGreaterThan(3);
  });

  it('are all written or none when another edit follows at once', async () => {
    await cutEverywhere(async (stored) => {
      const mark = addressOf(stored, NUMBERS[0]!);
      await editTogether(partsOn(stored), writesOf(stored, NUMBERS, 'c@example.jp'));
      stored.now = 60_000;
      await settleEdits(partsOn(stored));
      expect(['', 'a@example.jp']).toContain(mark);
      expect(new Set(NUMBERS.map((number) => addressOf(stored, number)))).not.toContain('');
    });
  });

  const settleOne = async (stored: Memory, number: string): Promise<void> => {
    const parts = partsOn(stored);
    const [read] = await parts.store.numbers([number]);
    if (read) await settle(parts, number, read);
  };

  it('of an edit that may be alive are left alone', async () => {
    const stored = memory();
    await editTogether(partsOn(stored, dying(6)), writesOf(stored, NUMBERS, 'a@example.jp')).catch(
      () => undefined,
    );
    expect(stored.edits.size).toBe(1);
    stored.now = 59_999;
    await settleEdits(partsOn(stored));
    expect(stored.edits.size).toBe(1);
  });

  it('are written by one of two that write at the same time at most, whoever writes one of them or dies', async () => {
    const numbers = fc.subarray(NUMBERS, { minLength: 1 });
    const lives = fc.oneof(fc.constant(1_000), fc.nat(30));
    const check = async (
      scheduler: fc.Scheduler,
      [first, second]: readonly string[][],
      [one, other]: readonly number[],
      single: string,
    ): Promise<void> => {
      const stored = memory();
      const scheduled = (dies: number) => {
        const die = dying(dies);
        return async () => {
          await scheduler.schedule(Promise.resolve());
          await die();
        };
      };
      const edit = (some: readonly string[], address: string, dies: number) =>
        editTogether(partsOn(stored, scheduled(dies)), writesOf(stored, some, address)).catch(() => 'died');
      const running = Promise.all([
        edit(first!, 'a@example.jp', one!),
        edit(second!, 'b@example.jp', other!),
        writeOne(partsOn(stored, scheduled(1_000)), single, 'c@example.jp'),
      ]);
      const results = await scheduler.waitFor(running);
      stored.now = 60_000;
      await settleEdits(partsOn(stored));
      for (const number of NUMBERS) await settleOne(stored, number);
      expectNothingPrepared(stored);
      const edits = [
        [first!, 'a@example.jp', results[0]],
        [second!, 'b@example.jp', results[1]],
      ] as const;
      for (const [some, address, result] of edits) {
        const has = NUMBERS.filter((number) => addressOf(stored, number) === address);
        const may = some.filter((number) => number !== single);
        if (result === 'stale') expect(has).toEqual([]);
        // All of them, but for the one that somebody wrote afterwards.
        else if (has.length > 0 || result === 'written') expect(has).toEqual(expect.arrayContaining(may));
      }
      expect(addressOf(stored, single)).not.toBe('');
    };
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.tuple(numbers, numbers),
        fc.tuple(lives, lives),
        fc.constantFrom(...NUMBERS),
        check,
      ),
      { numRuns: 500 },
    );
  });
});
