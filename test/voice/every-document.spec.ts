import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import type { CallStore } from '#access';
import { BRANDS_DIR, loadBrands, type Brand } from '#mail';
import { createPhoneDialogue, type PhoneDialogue } from '../../apps/voice/src/phone-dialogue.ts';
import { testLogger } from '../support/run-log.ts';
import { voiceXmlProblems } from '../support/voicexml-problems.ts';

const HOSTILE = `]]><b a="1">&amp;'%#x41;`;
const brands = new Map(loadBrands(BRANDS_DIR));
const east = brands.get('ntt-east')!;
const hostileSentences = Object.entries(east.dialogue).map(([name, text]) => [name, `${HOSTILE}${text}`]);
brands.set('hostile', {
  ...east,
  id: 'hostile',
  dialogue: Object.fromEntries(hostileSentences) as Brand['dialogue'],
});
const dialled = [...brands.values()].filter(({ accessNumber }) => accessNumber !== undefined);

function lineOf(index: number): { lineNumber: string; brand: string; numbers: string[] } {
  const numbers = [`0366129${index}34`, `0366129${index}35`, `0506612${index}9836`];
  return { lineNumber: numbers[0] ?? '', brand: dialled[index]?.id ?? '', numbers };
}
const lines = dialled.map((_, index) => lineOf(index));
const GOOD = '48151623';

/** A dialogue in memory. Without `works` every call to a store fails. */
function dialogueIn(unit: 'line' | 'administrator-user', works: () => boolean): PhoneDialogue {
  const texts = new Map<string, string>();
  const calls: CallStore = {
    read: async (id) => texts.get(id),
    swap: async (id, _, after) => Boolean(texts.set(id, after)),
  };
  return createPhoneDialogue({
    calls,
    lines: { findLine: async (number) => lines.find(({ numbers }) => numbers.includes(number)) },
    unitOf: async () => unit,
    setTemporaryPassword: async () => {
      if (!works()) throw new Error('away');
      return true;
    },
    brands,
    sealKeys: [{ id: 'k', key: Buffer.alloc(32, 1) }],
    logger: testLogger({ app: 'voice', level: 'fatal' }),
    ends: { inc: () => undefined },
  });
}

interface Read {
  readonly fields: number;
  readonly ends: number;
  readonly prompt: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What a media server sees in a document. */
function read(text: string): Read {
  const document = XmlDocument.fromString(text);
  try {
    const find = (path: string): string[] =>
      document.find(path, { v: 'http://www.w3.org/2001/vxml' }).map(({ content }) => content);
    const names = find('//v:var/@name');
    const values = find('//v:var/@expr').map((value) => value.replaceAll("'", ''));
    return {
      fields: find('//v:field').length,
      ends: find('//v:disconnect').length,
      prompt: find('//v:prompt').join(''),
      variables: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])),
    };
  } finally {
    document.dispose();
  }
}

function checkDocument(text: string): Read {
  expect(voiceXmlProblems(text)).toBe('');
  const seen = read(text);
  expect([seen.fields, seen.ends]).toEqual(seen.fields === 1 ? [1, 0] : [0, 1]);
  expect(seen.prompt).not.toBe('');
  expect(seen.prompt).not.toMatch(/[{}]/);
  return seen;
}

describe("W3C's DTD", () => {
  it('refuses what is no VoiceXML', () => {
    const of = (body: string): string =>
      voiceXmlProblems(`<vxml version="2.1" xmlns="http://www.w3.org/2001/vxml">${body}</vxml>`);
    expect(of('<form><block><disconnect/></block></form>')).toBe('');
    expect(of('<form><field/><promt/></form>')).toContain('promt');
    expect(of('<form><field nam="x"/></form>')).toContain('nam');
    expect(of('<form>')).not.toBe('');
  });
});

describe('every document of the telephone dialogue', () => {
  it('A2 is valid, and asks exactly one field or ends the call', async () => {
    const heard = new Set<string>();
    const ways = fc.record({
      line: fc.constantFrom(...lines),
      who: fc.nat({ max: 3 }),
      unit: fc.constantFrom('line', 'administrator-user' as const),
      works: fc.boolean(),
      entries: fc.oneof(
        fc.constant(['1', GOOD, GOOD]),
        fc.array(fc.constantFrom('1', '2', '3', '9', '', GOOD, GOOD, 'number'), { maxLength: 8 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(ways, async ({ line, who, unit, works, entries }) => {
        const dialogue = dialogueIn(unit, () => works);
        let seen = checkDocument(await dialogue.begin(line.numbers[who] ?? ''));
        heard.add(`${line.brand} ${seen.prompt}`);
        for (const entry of entries) {
          const { call = '', step } = seen.variables;
          const keys = entry === 'number' ? (line.numbers[who] ?? '') : entry;
          seen = checkDocument(await dialogue.goOn({ call, step: Number(step), keys }));
          heard.add(`${line.brand} ${seen.prompt}`);
        }
      }),
      { numRuns: 500 },
    );
    // Every sentence was spoken: what was checked is what there is.
    for (const text of Object.values(east.dialogue))
      expect([text, [...heard].some((one) => one.includes(text.split('{number}').at(-1) ?? ''))]).toEqual([
        text,
        true,
      ]);
    expect([...heard].some((prompt) => prompt.includes(HOSTILE))).toBe(true);
  });
});
