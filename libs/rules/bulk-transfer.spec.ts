import fc from 'fast-check';
import { bulkTransferInput, EMPTY_BULK_TRANSFER, withinLine } from './bulk-transfer.ts';
import { readDocument } from './read-document.ts';
import { errorsOf } from './testing/settings-documents.ts';
import { writtenNumber } from './testing/written-number.ts';

const NUMBERS = ['0312345678', '0312345679', '05012345678'];
const OUTSIDE = ['0698765432', '09012345678', '0120444444'];
const schema = bulkTransferInput(NUMBERS);
const read = (document: object) => readDocument(schema, document);
const to = <D extends object>(destinations: D, enabled = true): { enabled: boolean; destinations: D } => ({
  enabled,
  destinations,
});

describe('bulkTransferInput', () => {
  it('V2 normalises numbers and destinations, and takes its own answer back', () => {
    const entry = fc.tuple(fc.constantFrom(...NUMBERS), fc.constantFrom(...OUTSIDE));
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: ([number]) => number, minLength: 1 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (entries, enabled, seeds) => {
          const write = (number: string): string => writtenNumber(number, seeds.next().value);
          const written = entries.map(([number, destination]) => [write(number), write(destination)]);
          const value = to(Object.fromEntries(entries), enabled);
          expect(read(to(Object.fromEntries(written), enabled))).toEqual({ ok: true, value });
          expect(read(value)).toEqual({ ok: true, value });
        },
      ),
    );
  });

  it.each<[string, object, string[]]>([
    ['nothing set and stopped', EMPTY_BULK_TRANSFER, []],
    ['a start without a destination', to({}), ['destinations: destination-required']],
    ['the number itself', to({ '0312345679': '03-1234-5679' }), ['destinations.0312345679: own-line']],
    ['another number of the line', to({ '0312345679': '0312345678' }), ['destinations.0312345679: own-line']],
    [
      'a number of another line',
      to({ '0398765432': '0698765432' }),
      ['destinations.0398765432: number-unknown'],
    ],
    ['what is no number', to({ x: '0698765432' }), ['destinations.x: number-character']],
    [
      'a number written in two ways',
      to({ '0312345679': '0698765432', '03-1234-5679': '0698765433' }),
      ['destinations.03-1234-5679: duplicate'],
    ],
    ['an emergency number', to({ '0312345679': '110' }), ['destinations.0312345679: number-start']],
    ['12 digits', to({ '0312345679': '069876543210' }), ['destinations.0312345679: number-length']],
    ['a number abroad', to({ '0312345679': '+14155550100' }), ['destinations.0312345679: number-start']],
    ['no destination', to({ '0312345679': null }), ['destinations.0312345679: type']],
    ['no word on whether it runs', { destinations: {} }, ['enabled: required']],
    ['an unknown field', { ...EMPTY_BULK_TRANSFER, lineNumber: '0312345678' }, ['lineNumber: unknown-field']],
  ])('V2 %s', (_title, document, errors) => {
    expect(errorsOf(read(document))).toEqual(errors);
  });
});

describe('a bulk transfer whose line changes', () => {
  const transfer = to({ '0312345678': '0698765432', '0312345679': '05012345678' });

  it('V2 loses the destination of a number that left, and one that came to the line', () => {
    expect(withinLine(transfer, ['0312345678', '0312345679'])).toBe(transfer);
    expect(withinLine(transfer, ['0312345678'])).toEqual(to({ '0312345678': '0698765432' }));
    expect(withinLine(transfer, NUMBERS)).toEqual(to({ '0312345678': '0698765432' }));
  });

  it('V2 is off without any destination', () => {
    expect(withinLine(transfer, ['05012345678'])).toEqual(EMPTY_BULK_TRANSFER);
  });
});
