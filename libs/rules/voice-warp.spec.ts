import fc from 'fast-check';
import { readDocument } from './read-document.ts';
import { errorsOf, numbers } from './testing/settings-documents.ts';
import { writtenNumber } from './testing/written-number.ts';
import {
  EMPTY_VOICE_WARP,
  FORWARDING_CONDITIONS,
  SELECT_MODES,
  voiceWarpInput,
  waitsForAnswer,
  type VoiceWarp,
} from './voice-warp.ts';

const NUMBER = '0312345679';
const read = (part: object) => readDocument(voiceWarpInput(NUMBER), { ...EMPTY_VOICE_WARP, ...part });
const places = (...set: (string | null)[]): { destinations: (string | null)[] } => ({
  destinations: [...set, null, null, null, null].slice(0, 4),
});

/** Every document that the rules allow. */
const allowed: fc.Arbitrary<VoiceWarp> = fc
  .record({
    enabled: fc.boolean(),
    condition: fc.constantFrom(...FORWARDING_CONDITIONS),
    ringSeconds: fc.integer({ min: 5, max: 60 }),
    destinations: fc.array(fc.constantFrom('0698765432', '09012345678', '0312345678', null), {
      minLength: 4,
      maxLength: 4,
    }),
    destination: fc.integer({ min: 1, max: 4 }),
    select: fc.record({
      mode: fc.constantFrom(...SELECT_MODES),
      callers: fc.uniqueArray(fc.constantFrom(...numbers(40), '+14155550100'), { maxLength: 30 }),
    }),
  })
  .map(({ ringSeconds, ...warp }) => ({
    ...warp,
    ...(waitsForAnswer(warp.condition) && { ringSeconds }),
    enabled: warp.enabled && warp.destinations[warp.destination - 1] !== null,
  }));

describe('voiceWarpInput', () => {
  it('V3 takes every document that the rules allow as it is, however its numbers are written', () => {
    fc.assert(
      fc.property(allowed, fc.infiniteStream(fc.nat()), (warp, seeds) => {
        const write = (number: string): string =>
          number.startsWith('+') ? `${number} ` : writtenNumber(number, seeds.next().value);
        const written = {
          ...warp,
          destinations: warp.destinations.map((number) => number && write(number)),
          select: { ...warp.select, callers: warp.select.callers.map(write) },
        };
        expect(readDocument(voiceWarpInput(NUMBER), written)).toEqual({ ok: true, value: warp });
        expect(readDocument(voiceWarpInput(NUMBER), warp)).toEqual({ ok: true, value: warp });
      }),
    );
  });

  it('V3 takes back what holds before anything was written', () => {
    expect(read({})).toEqual({ ok: true, value: EMPTY_VOICE_WARP });
  });

  it.each<[string, object, string[]]>([
    ['a start with a destination', { enabled: true, ...places('0698765432') }, []],
    ['a start without one', { enabled: true }, ['destinations.0: destination-required']],
    [
      'a start with the place in use empty',
      { enabled: true, destination: 2, ...places('0698765432') },
      ['destinations.1: destination-required'],
    ],
    ['a stop without a destination', { enabled: false, destination: 4 }, []],
    ['the number itself', places('03-1234-5679'), ['destinations.0: own-number']],
    ['another number of the line', places('0312345678'), []],
    ['an emergency number', places(null, '119'), ['destinations.1: number-start']],
    ['a number abroad', places('+14155550100'), ['destinations.0: number-start']],
    ['12 digits', places('090123456789'), ['destinations.0: number-length']],
    ['three places', { destinations: [null, null, null] }, ['destinations: too-small']],
    ['five places', { destinations: [null, null, null, null, null] }, ['destinations: too-big']],
    ['place 0', { destination: 0 }, ['destination: too-small']],
    ['place 5', { destination: 5 }, ['destination: too-big']],
    ['half a place', { destination: 1.5 }, ['destination: type']],
    ['an unknown condition', { condition: 'always' }, ['condition: invalid-value']],
    ['5 seconds', { condition: 'no-answer', ringSeconds: 5 }, []],
    ['4 seconds', { condition: 'no-answer', ringSeconds: 4 }, ['ringSeconds: too-small']],
    ['60 seconds', { condition: 'no-answer-or-busy', ringSeconds: 60 }, []],
    ['61 seconds', { condition: 'no-answer-or-busy', ringSeconds: 61 }, ['ringSeconds: too-big']],
    ['no seconds where they count', { condition: 'no-answer' }, ['ringSeconds: ring-seconds']],
    ['seconds without waiting', { condition: 'busy', ringSeconds: 20 }, ['ringSeconds: ring-seconds']],
    ['an unknown mode', { select: { mode: 'all', callers: [] } }, ['select.mode: invalid-value']],
    ['Select before a caller is listed', { select: { mode: 'forward-listed', callers: [] } }, []],
    ['30 callers', { select: { mode: 'ring-listed', callers: numbers(30) } }, []],
    ['31 callers', { select: { mode: 'off', callers: numbers(31) } }, ['select.callers: too-many']],
    [
      'a caller twice',
      { select: { mode: 'off', callers: ['0698765432', '06-9876-5432'] } },
      ['select.callers.1: duplicate'],
    ],
    [
      'a caller without a number',
      { select: { mode: 'off', callers: [''] } },
      ['select.callers.0: number-empty'],
    ],
    ['the number of its path', { number: NUMBER }, ['number: unknown-field']],
    ['no word on whether it runs', { enabled: undefined }, ['enabled: required']],
  ])('V3 %s', (_title, part, errors) => {
    expect(errorsOf(read(part))).toEqual(errors);
  });
});
