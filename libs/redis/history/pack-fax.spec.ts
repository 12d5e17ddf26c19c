import fc from 'fast-check';
import type { FaxEvent } from '#events';
import { packFax, unpackFax } from './pack-fax.ts';
import { readHead } from './pack-outcome.ts';

const number = fc.stringMatching(/^0\d{9,10}$/);
const sender = fc.oneof(
  fc.record({ number: fc.stringMatching(/^\+?\d{3,15}$/) }),
  fc.record({ withheld: fc.constantFrom('P', 'C', 'O', 'S') }),
);

const faxes: fc.Arbitrary<FaxEvent> = fc.record({
  kind: fc.constant('fax'),
  source: fc.string({ minLength: 1 }),
  id: fc.string({ minLength: 1 }),
  at: fc.integer({ min: 0, max: 4e12 }),
  lineNumber: number,
  calledNumber: number,
  sender,
  pages: fc.nat(),
  complete: fc.boolean(),
  documentId: fc.string({ minLength: 1, maxLength: 1024 }),
});

describe('F2 a packed FAX', () => {
  it('is what it was, whatever it was', () => {
    fc.assert(
      fc.property(faxes, (fax) => {
        const { kind: _kind, source: _source, id: _id, ...received } = fax;
        expect(unpackFax(fax.calledNumber, readHead(packFax(fax, 1)))).toEqual(received);
      }),
    );
  });

  it('is known again by its event alone', () => {
    fc.assert(
      fc.property(faxes, faxes, (one, other) => {
        const { event } = readHead(packFax(one, 1));
        expect(readHead(packFax({ ...other, source: one.source, id: one.id }, 2)).event).toBe(event);
        if (other.id !== one.id) expect(readHead(packFax(other, 1)).event).not.toBe(event);
      }),
    );
  });
});
