import fc from 'fast-check';
import type { Outcome } from './outcome-history.ts';
import { mayHaveId, packOutcome, readHead, unpackOutcome } from './pack-outcome.ts';

const text = fc.string({ unit: 'grapheme' });
const outcomes: fc.Arbitrary<Outcome> = fc.record({
  eventSource: text,
  eventId: text,
  sequence: fc.integer({ min: 1, max: 0xff_ff_ff_ff }),
  kind: fc.oneof(text, fc.constant('call')),
  number: fc.constant('0312345679'),
  lineNumber: fc.option(fc.constantFrom('0312345679', '0312345678')),
  at: fc.oneof(
    text,
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constant('2026-11-21T10:00:00+09:00'),
  ),
  reason: fc.oneof(text, fc.constant('notify')),
  recipients: fc.array(fc.record({ address: text, state: text, attempts: fc.nat(), response: text })),
});

const typical: Outcome = {
  eventSource: '/switch/1',
  eventId: 'c3f9a0b2-6d0e-4b7e-9d54-6f1f2f6c7a10',
  sequence: 1,
  kind: 'call',
  number: '0312345679',
  lineNumber: '0312345678',
  at: '2026-11-21T10:00:00+09:00',
  reason: 'notify',
  recipients: [
    {
      address: 'tanaka.hanako@docomo.ne.jp',
      state: 'accepted',
      attempts: 1,
      response: '250 2.0.0 Ok: queued as 4fYk2P13zQz5Z',
    },
  ],
};

/** Written by the first release of the format: a changed dictionary could not read it any more. */
const RELEASED =
  'IXy0H/ajiQ0AAAABav2GwAGh+54GgEMzyjjNMtEgyUjXLMUgVdckyTxV1zLF1ETXLM0wzSjNLNk80dAAbqOSgbGhkbGJqZm5hRKa5SWJeYnZiXoZICofxcv43ILsT5O0yGyjAEPjqsAq0yiQpwE=';

describe('a packed outcome', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(outcomes, fc.nat(), (outcome, keptAt) => {
        const head = readHead(packOutcome(outcome, keptAt));
        expect(unpackOutcome(outcome.number, head)).toEqual(outcome);
        expect(head).toMatchObject({ keptAt, sequence: outcome.sequence });
        expect(mayHaveId(head, outcome.eventId)).toBe(true);
      }),
    );
  });

  it('takes a third of its JSON', () => {
    expect(packOutcome(typical, 0).length).toBeLessThan(JSON.stringify(typical).length * 0.4);
  });

  it('tells events apart by source and id, and those of one event not', () => {
    const event = (more: Partial<Outcome>): string => readHead(packOutcome({ ...typical, ...more }, 0)).event;
    expect(event({ sequence: 2, recipients: [] })).toBe(event({}));
    expect(new Set([event({}), event({ eventSource: '/switch/2' }), event({ eventId: 'e' })]).size).toBe(3);
  });

  it('keeps what an earlier release wrote readable', () => {
    const bytes = Buffer.from(RELEASED, 'base64');
    expect(unpackOutcome(typical.number, readHead(bytes))).toEqual(typical);
  });
});
