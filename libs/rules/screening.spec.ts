import { readDocument } from './read-document.ts';
import { EMPTY_SCREENING, screeningInput } from './screening.ts';
import { errorsOf, numbers, rules } from './testing/settings-documents.ts';

const readScreening = (part: object) =>
  readDocument(screeningInput(rules.limits), { ...EMPTY_SCREENING, ...part });

describe('screeningInput', () => {
  it('C7 C8 normalises the callers', () => {
    expect(
      readScreening({ nuisanceCallers: ['090-1234-5678', '+1 415 555 0100'], numberRequest: true }),
    ).toEqual({
      ok: true,
      value: { nuisanceCallers: ['09012345678', '+14155550100'], numberRequest: true },
    });
  });

  it.each<[string, object, string[]]>([
    ['30 callers', { nuisanceCallers: numbers(30) }, []],
    ['31 callers', { nuisanceCallers: numbers(31) }, ['nuisanceCallers: too-many']],
    ['a caller twice', { nuisanceCallers: ['0312345678', '03-1234-5678'] }, ['nuisanceCallers.1: duplicate']],
    ['a wrong caller', { nuisanceCallers: ['110'] }, ['nuisanceCallers.0: number-start']],
    ['an unknown field', { targetCallers: [] }, ['targetCallers: unknown-field']],
    ['no word on Number Request', { numberRequest: undefined }, ['numberRequest: required']],
  ])('C8 %s', (_title, part, errors) => {
    expect(errorsOf(readScreening(part))).toEqual(errors);
  });

  it('C8 takes back what holds before anything was written', () => {
    expect(readScreening({})).toEqual({ ok: true, value: EMPTY_SCREENING });
  });
});
