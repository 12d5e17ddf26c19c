import fc from 'fast-check';
import type { EventData } from '#events';
import { asForwarded, type Forwarding } from './as-forwarded.ts';

type Call = EventData<'call.v1'>;
type VoiceWarp = NonNullable<Forwarding['voiceWarp']>;

const CALL: Call = {
  lineNumber: '0312345678',
  calledNumber: '0312345679',
  caller: { number: '09012345678' },
  startedAt: '2026-11-21T10:00:00+09:00',
  ringSeconds: 12,
  outcome: 'answered',
};
const WARP: VoiceWarp = {
  kind: 'voice-warp',
  number: '0312345679',
  enabled: true,
  condition: 'unconditional',
  destinations: ['08011112222', null, null, null],
  destination: 1,
  select: { mode: 'off', callers: [] },
};
const LISTED = '09055556666';

const caller = fc.oneof(
  fc.constantFrom(LISTED, '09012345678', '+14155550100').map((number) => ({ number })),
  fc.constantFrom('P', 'C', 'O', 'S').map((withheld) => ({ withheld })),
);
const call: fc.Arbitrary<Call> = fc
  .record(
    {
      caller,
      outcome: fc.constantFrom('answered', 'unanswered', 'busy', 'forwarded', 'abandoned'),
      ringSeconds: fc.nat(60),
      refusedBy: fc.constantFrom('number-request', 'nuisance-list'),
      forwarding: fc.constantFrom('destination-busy', 'destination-unreachable'),
    },
    { requiredKeys: ['caller', 'outcome', 'ringSeconds'] },
  )
  .map((facts) => ({ ...CALL, ...facts }) as Call);
const warp: fc.Arbitrary<VoiceWarp> = fc
  .record({
    enabled: fc.boolean(),
    condition: fc.constantFrom('unconditional', 'no-answer', 'busy', 'no-answer-or-busy'),
    ringSeconds: fc.integer({ min: 5, max: 60 }),
    destination: fc.integer({ min: 1, max: 4 }),
    select: fc.record({
      mode: fc.constantFrom('off', 'forward-listed', 'ring-listed'),
      callers: fc.constantFrom<string[]>([], [LISTED]),
    }),
  })
  .map((settings) => ({ ...WARP, ...settings }));

/** For every call and every setting of Voice Warp. */
function always(check: (call: Call, warp: VoiceWarp) => void): void {
  fc.assert(fc.property(call, warp, check));
}

/** For every call that the switch does not refuse, and every setting of Voice Warp. */
function alwaysTaken(check: (call: Call, warp: VoiceWarp) => void): void {
  fc.assert(
    fc.property(
      call.filter(({ refusedBy }) => refusedBy === undefined),
      warp,
      check,
    ),
  );
}

const forwarded = (facts: Partial<Call>, settings: Partial<VoiceWarp>): boolean =>
  asForwarded({ ...CALL, ...facts }, { voiceWarp: { ...WARP, ...settings } }).outcome === 'forwarded';

describe('a call under what the switch knows', () => {
  it('changes in nothing but how long it rings, how it ends, and whether that failed', () => {
    always((before, voiceWarp) => {
      const after = asForwarded(before, { voiceWarp });
      const untouched = { ringSeconds: 0, outcome: 'answered', forwarding: 'destination-busy' } as const;
      expect({ ...after, ...untouched }).toEqual({ ...before, ...untouched });
    });
  });

  it('V3 is not forwarded while Voice Warp is off, has no destination in use, or is not known', () => {
    alwaysTaken((before, voiceWarp) => {
      const off = { ...voiceWarp, enabled: false };
      const nowhere = { ...voiceWarp, destinations: [null, null, null, null] };
      for (const one of [off, nowhere, undefined]) {
        const after = asForwarded(before, { voiceWarp: one });
        expect([after.outcome === 'forwarded', after.forwarding]).toEqual([false, undefined]);
      }
    });
  });

  it('V3 is forwarded at once when that is unconditional, unless the destination fails (C9)', () => {
    alwaysTaken((before) => {
      const { forwarding } = before;
      expect(asForwarded(before, { voiceWarp: WARP })).toMatchObject(
        forwarding === undefined
          ? { outcome: 'forwarded', ringSeconds: 0 }
          : { outcome: 'unanswered', ringSeconds: 0, forwarding },
      );
    });
  });

  it('C7 C8 is never forwarded when the switch refuses it', () => {
    always((before, voiceWarp) => {
      const refused = { ...before, refusedBy: 'nuisance-list' } as const;
      expect(asForwarded(refused, { voiceWarp, transferTo: '0698765432' })).toEqual(refused);
    });
  });

  it('V2 is forwarded while the line’s bulk transfer has a destination for it, whatever Voice Warp says', () => {
    alwaysTaken((before, voiceWarp) => {
      const after = asForwarded(before, { voiceWarp, transferTo: '0698765432' });
      expect(after).toMatchObject({ outcome: 'forwarded', ringSeconds: 0 });
      expect(after.forwarding).toBeUndefined();
    });
  });

  it('V3 a caller without a number is never on the list of Select', () => {
    for (const condition of ['unconditional', 'no-answer', 'busy', 'no-answer-or-busy'] as const) {
      const facts = {
        caller: { withheld: 'P' },
        outcome: condition === 'busy' ? 'busy' : 'unanswered',
      } as const;
      const list = (mode: 'forward-listed' | 'ring-listed'): Partial<VoiceWarp> => ({
        condition,
        select: { mode, callers: [LISTED] },
      });
      expect(forwarded(facts, list('forward-listed'))).toBe(false);
      expect(forwarded(facts, list('ring-listed'))).toBe(true);
    }
  });
});

describe('V3 the condition', () => {
  it.each<[VoiceWarp['condition'], Call['outcome'], boolean]>([
    ['no-answer', 'unanswered', true],
    ['no-answer', 'forwarded', true],
    ['no-answer', 'answered', false],
    ['no-answer', 'busy', false],
    ['no-answer', 'abandoned', false],
    ['busy', 'busy', true],
    ['busy', 'unanswered', false],
    ['busy', 'forwarded', false],
    ['busy', 'answered', false],
    ['no-answer-or-busy', 'busy', true],
    ['no-answer-or-busy', 'unanswered', true],
    ['no-answer-or-busy', 'answered', false],
    ['unconditional', 'answered', true],
    ['unconditional', 'abandoned', true],
  ])('%s and a call that would be %s: forwarded is %s', (condition, outcome, expected) => {
    expect(forwarded({ outcome }, { condition, ringSeconds: 20 })).toBe(expected);
  });

  it('waits as long as is set, whoever would have answered or given up later', () => {
    const voiceWarp = { ...WARP, condition: 'no-answer', ringSeconds: 20 } as const;
    const after = (facts: Partial<Call>) => asForwarded({ ...CALL, ...facts }, { voiceWarp });
    expect(after({ outcome: 'unanswered', ringSeconds: 8 })).toMatchObject({
      outcome: 'forwarded',
      ringSeconds: 20,
    });
    expect(after({ ringSeconds: 21 })).toMatchObject({ outcome: 'forwarded', ringSeconds: 20 });
    expect(after({ ringSeconds: 20 })).toMatchObject({ outcome: 'answered', ringSeconds: 20 });
    expect(after({ outcome: 'abandoned', ringSeconds: 30 })).toMatchObject({ outcome: 'forwarded' });
  });

  it('V3 Select forwards listed callers alone, or lets them alone ring', () => {
    const select = (mode: VoiceWarp['select']['mode']) => ({ select: { mode, callers: [LISTED] } });
    const listed = { caller: { number: LISTED } };
    expect([forwarded(listed, select('forward-listed')), forwarded({}, select('forward-listed'))]).toEqual([
      true,
      false,
    ]);
    expect([forwarded(listed, select('ring-listed')), forwarded({}, select('ring-listed'))]).toEqual([
      false,
      true,
    ]);
    expect(forwarded(listed, select('off'))).toBe(true);
  });
});
