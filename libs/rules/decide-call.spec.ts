import fc from 'fast-check';
import type { CallEvent } from '#events';
import { type CallNotice } from './call-notice.ts';
import { DEFAULT_DEADLINES } from './deadlines.ts';
import { decideCall } from './decide.ts';
import type { NumberSettings } from './number-settings.ts';
import { EMPTY_SCREENING, type Screening } from './screening.ts';
import { ABROAD, aCall, aNumber, AT, CALLER, deadlinesOf, HOUR, reasonOf, targets } from './testing/calls.ts';

describe('decideCall', () => {
  it('C1 tells each recipient whose box is ticked, under the brand of the number', () => {
    const settings = aNumber({
      recipients: [
        { address: 'a@example.jp', enabled: true },
        { address: 'b@example.jp', enabled: false },
        { address: 'c@example.jp', enabled: true },
      ],
    });
    expect(decideCall(aCall(), settings, AT, deadlinesOf)).toEqual({
      reason: 'notify',
      recipients: ['a@example.jp', 'c@example.jp'],
      deadline: AT + 6 * HOUR,
      brand: 'ntt-east',
    });
  });

  it('C2 tells nobody when every box is off', () => {
    expect(reasonOf(aCall(), aNumber({ recipients: [{ address: 'a@example.jp', enabled: false }] }))).toBe(
      'no-recipient',
    );
  });

  it('C1 tells nobody of a number that is not known, or that belongs to another line', () => {
    expect(decideCall(aCall(), undefined, AT, deadlinesOf)).toMatchObject({
      reason: 'unknown-number',
      brand: null,
    });
    expect(reasonOf(aCall({ lineNumber: '0311111111' }), aNumber())).toBe('unknown-number');
  });

  it('C1 tells nobody while the service is stopped', () => {
    expect(reasonOf(aCall(), aNumber({ enabled: false }))).toBe('service-off');
  });

  it('A13 tells nobody of a service that is not contracted, whatever was set before', () => {
    expect(reasonOf(aCall(), { ...aNumber(), services: ['fax-notice', 'voice-warp'] })).toBe('service-off');
    expect(reasonOf(aCall(), { ...aNumber(), services: [] })).toBe('service-off');
    expect(reasonOf(aCall(), { ...aNumber(), services: ['call-notice'] })).toBe('notify');
  });

  const target = { targetCallersOnly: true, targetCallers: targets(CALLER, ABROAD) };
  const unanswered = { unansweredOnly: true };
  const nuisance = { nuisanceCallers: [CALLER] };
  const request = { numberRequest: true };

  it.each<[string, Partial<CallEvent>, Partial<CallNotice>, Partial<Screening>, string]>([
    ['C1 an answered call', { outcome: 'answered' }, {}, {}, 'notify'],
    ['C1 a withheld caller', { caller: { withheld: 'P' } }, {}, {}, 'notify'],
    ['C4 a target caller', {}, target, {}, 'notify'],
    ['C4 a target caller from abroad', { caller: { number: ABROAD } }, target, {}, 'notify'],
    ['C4 a caller who is no target', { caller: { number: '09000000000' } }, target, {}, 'not-target'],
    [
      'C4 a caller whose number only begins like a target',
      { caller: { number: '0901234567' } },
      target,
      {},
      'not-target',
    ],
    [
      'C4 a target whose 指定 box is off',
      {},
      { ...target, targetCallers: [{ number: CALLER, enabled: false }] },
      {},
      'not-target',
    ],
    [
      'C4 target callers that are not asked for',
      { caller: { number: '09000000000' } },
      { ...target, targetCallersOnly: false },
      {},
      'notify',
    ],
    ['C4 no targets at all', {}, { targetCallersOnly: true }, {}, 'not-target'],
    ['C5 an answered call', { outcome: 'answered' }, unanswered, {}, 'answered'],
    ['C5 an unanswered call', { outcome: 'unanswered' }, unanswered, {}, 'notify'],
    ['C5 a busy line', { outcome: 'busy' }, unanswered, {}, 'notify'],
    ['C5 a caller who gave up', { outcome: 'abandoned' }, unanswered, {}, 'notify'],
    ['C5 C9 a forwarded call', { outcome: 'forwarded' }, unanswered, {}, 'notify'],
    ['C5 C4 both conditions, both met', {}, { ...unanswered, ...target }, {}, 'notify'],
    [
      'C5 C4 both conditions, answered',
      { outcome: 'answered' },
      { ...unanswered, ...target },
      {},
      'answered',
    ],
    [
      'C5 C4 both conditions, no target',
      { caller: { number: '09000000000' } },
      { ...unanswered, ...target },
      {},
      'not-target',
    ],
    [
      'C5 C4 both conditions, neither met',
      { outcome: 'answered', caller: { number: '09000000000' } },
      { ...unanswered, ...target },
      {},
      'answered',
    ],
    [
      'C6 a withheld caller with targets only',
      { caller: { withheld: 'P' } },
      target,
      {},
      'withheld-not-target',
    ],
    ['C6 a public phone with targets only', { caller: { withheld: 'C' } }, target, {}, 'withheld-not-target'],
    [
      'C7 a call that Number Request refused',
      { caller: { withheld: 'P' }, refusedBy: 'number-request' },
      {},
      {},
      'refused-number-request',
    ],
    [
      'C7 withheld by choice with Number Request on',
      { caller: { withheld: 'P' } },
      {},
      request,
      'refused-number-request',
    ],
    [
      'C7 withheld by choice and answered with Number Request on',
      { caller: { withheld: 'P' }, outcome: 'answered' },
      {},
      request,
      'refused-number-request',
    ],
    ['C7 a public phone with Number Request on', { caller: { withheld: 'C' } }, {}, request, 'notify'],
    [
      'C7 a number not available with Number Request on',
      { caller: { withheld: 'O' } },
      {},
      request,
      'notify',
    ],
    ['C7 conflicting services with Number Request on', { caller: { withheld: 'S' } }, {}, request, 'notify'],
    ['C7 a shown number with Number Request on', {}, {}, request, 'notify'],
    ['C8 a call that the nuisance list refused', { refusedBy: 'nuisance-list' }, {}, {}, 'nuisance-caller'],
    [
      'C8 a withheld call that the nuisance list refused',
      { refusedBy: 'nuisance-list', caller: { withheld: 'P' } },
      {},
      {},
      'nuisance-caller',
    ],
    ['C8 a caller on the list held here', {}, {}, nuisance, 'nuisance-caller'],
    [
      'C8 a caller from abroad on the list held here',
      { caller: { number: ABROAD } },
      {},
      { nuisanceCallers: [ABROAD] },
      'nuisance-caller',
    ],
    ['C8 a caller not on the list', { caller: { number: '09000000000' } }, {}, nuisance, 'notify'],
    ['C8 a target caller on the list', {}, target, nuisance, 'nuisance-caller'],
    ['C9 a forwarded call', { outcome: 'forwarded' }, {}, {}, 'notify'],
    [
      'C9 the destination was busy',
      { outcome: 'unanswered', forwarding: 'destination-busy' },
      {},
      {},
      'forward-failed',
    ],
    [
      'C9 the destination was unreachable',
      { outcome: 'unanswered', forwarding: 'destination-unreachable' },
      {},
      {},
      'forward-failed',
    ],
    [
      'C9 the destination was busy, unanswered only',
      { outcome: 'unanswered', forwarding: 'destination-busy' },
      unanswered,
      {},
      'forward-failed',
    ],
    [
      'C9 C4 a forwarded call of no target',
      { outcome: 'forwarded', caller: { number: '09000000000' } },
      target,
      {},
      'not-target',
    ],
    [
      'C9 C7 a forwarded call that was refused',
      { outcome: 'forwarded', caller: { withheld: 'P' } },
      {},
      request,
      'refused-number-request',
    ],
    [
      'C9 C8 a forwarded call of a nuisance caller',
      { outcome: 'forwarded' },
      {},
      nuisance,
      'nuisance-caller',
    ],
  ])('%s', (_title, event, callNotice, screening, reason) => {
    expect(reasonOf(aCall(event), aNumber(callNotice, screening))).toBe(reason);
  });

  it('gives the first of the reasons that hold, in the order of the contract (C4–C9, C15)', () => {
    const call = aCall({
      caller: { withheld: 'P' },
      outcome: 'answered',
      refusedBy: 'number-request',
      forwarding: 'destination-busy',
    });
    const off = aNumber(
      { ...target, ...unanswered, enabled: false, recipients: [] },
      { ...nuisance, ...request },
    );
    const on = { ...off, callNotice: { ...off.callNotice, enabled: true } };
    const { refusedBy, ...unrefused } = call;
    const { forwarding, ...plain } = unrefused;
    const shown = { number: CALLER };
    const noRequest = { ...on, screening: EMPTY_SCREENING };
    expect(decideCall(call, undefined, AT + 6 * HOUR, deadlinesOf).reason).toBe('too-late');
    expect(reasonOf({ ...call, lineNumber: '0311111111' }, off)).toBe('unknown-number');
    expect(reasonOf(call, off)).toBe('service-off');
    expect(reasonOf(call, on)).toBe('refused-number-request');
    expect(reasonOf({ ...unrefused, caller: shown }, on)).toBe('nuisance-caller');
    expect(reasonOf(unrefused, noRequest)).toBe('forward-failed');
    expect(reasonOf(plain, noRequest)).toBe('answered');
    expect(reasonOf({ ...plain, outcome: 'busy' }, noRequest)).toBe('withheld-not-target');
    expect(reasonOf({ ...plain, outcome: 'busy', caller: { number: '09000000000' } }, noRequest)).toBe(
      'not-target',
    );
    expect(reasonOf({ ...plain, outcome: 'busy', caller: shown }, noRequest)).toBe('no-recipient');
    expect([refusedBy, forwarding]).toEqual(['number-request', 'destination-busy']);
  });

  it.each([
    ['just before its deadline', 6 * HOUR - 1, 'notify'],
    ['at its deadline', 6 * HOUR, 'too-late'],
    ['after its deadline', 6 * HOUR + 1, 'too-late'],
  ])('C15 a call %s', (_title, age, reason) => {
    expect(decideCall(aCall(), aNumber(), AT + age, deadlinesOf).reason).toBe(reason);
  });

  it('C15 takes the deadline from the brand, and the common one for a number that is not known', () => {
    const byBrand = (brand?: string) => ({ ...DEFAULT_DEADLINES, call: brand === 'ntt-east' ? 1000 : 2000 });
    expect(decideCall(aCall(), aNumber(), AT, byBrand).deadline).toBe(AT + 1000);
    expect(decideCall(aCall(), undefined, AT, byBrand).deadline).toBe(AT + 2000);
  });
});

describe('decideCall, for any call and any settings', () => {
  const numbers = fc.constantFrom(CALLER, ABROAD, '0311112222', '0312345678');
  const calls: fc.Arbitrary<CallEvent> = fc
    .record(
      {
        caller: fc.oneof(
          fc.record({ number: numbers }),
          fc.record({ withheld: fc.constantFrom('P', 'C', 'O', 'S') }),
        ),
        outcome: fc.constantFrom('answered', 'unanswered', 'busy', 'forwarded', 'abandoned'),
        refusedBy: fc.constantFrom('number-request', 'nuisance-list'),
        forwarding: fc.constantFrom('destination-busy', 'destination-unreachable'),
        lineNumber: fc.constantFrom('0312345678', '0312345678', '0312345678', '0311111111'),
      },
      { requiredKeys: ['caller', 'outcome'] },
    )
    .map((part) => aCall(part as Partial<CallEvent>));
  const settings = fc
    .record({
      enabled: fc.boolean(),
      targetCallersOnly: fc.boolean(),
      unansweredOnly: fc.boolean(),
      recipients: fc.uniqueArray(fc.record({ address: fc.emailAddress(), enabled: fc.boolean() }), {
        selector: ({ address }) => address,
        maxLength: 5,
      }),
      targetCallers: fc.array(fc.record({ number: numbers, enabled: fc.boolean() }), { maxLength: 4 }),
    })
    .chain((notice) =>
      fc
        .record({ nuisanceCallers: fc.array(numbers, { maxLength: 2 }), numberRequest: fc.boolean() })
        .map((screening) => aNumber(notice, screening)),
    );
  const ages = fc.integer({ min: 0, max: 7 * HOUR });
  const mails = (call: CallEvent, number: NumberSettings, age = 0) =>
    decideCall(call, number, AT + age, deadlinesOf).recipients.length;

  it('C1 never tells one whose box is off, nor anybody twice, and nobody unless it says so', () => {
    fc.assert(
      fc.property(calls, settings, ages, (call, number, age) => {
        const { reason, recipients } = decideCall(call, number, AT + age, deadlinesOf);
        const ticked = number.callNotice.recipients
          .filter(({ enabled }) => enabled)
          .map(({ address }) => address);
        expect(recipients).toEqual(reason === 'notify' ? ticked : []);
        expect(new Set(recipients).size).toBe(recipients.length);
        expect(reason === 'notify').toBe(recipients.length > 0);
      }),
    );
  });

  it('C1 gives the same answer to the same question, and changes nothing that it is given', () => {
    fc.assert(
      fc.property(calls, settings, ages, (call, number, age) => {
        const before = structuredClone({ call, number });
        expect(decideCall(call, number, AT + age, deadlinesOf)).toEqual(
          decideCall(before.call, before.number, AT + age, deadlinesOf),
        );
        expect({ call, number }).toEqual(before);
      }),
    );
  });

  it.each<[string, (number: NumberSettings) => NumberSettings]>([
    ['C4 the target condition', (n) => ({ ...n, callNotice: { ...n.callNotice, targetCallersOnly: true } })],
    ['C5 the unanswered condition', (n) => ({ ...n, callNotice: { ...n.callNotice, unansweredOnly: true } })],
    ['C7 Number Request', (n) => ({ ...n, screening: { ...n.screening, numberRequest: true } })],
    [
      'C8 one more nuisance caller',
      (n) => ({
        ...n,
        screening: { ...n.screening, nuisanceCallers: [...n.screening.nuisanceCallers, CALLER] },
      }),
    ],
  ])('%s never adds a mail', (_title, tighten) => {
    fc.assert(
      fc.property(calls, settings, (call, number) => {
        expect(mails(call, tighten(number))).toBeLessThanOrEqual(mails(call, number));
      }),
    );
  });

  it('C15 a later moment never adds a mail', () => {
    fc.assert(
      fc.property(calls, settings, ages, ages, (call, number, age, more) => {
        expect(mails(call, number, age + more)).toBeLessThanOrEqual(mails(call, number, age));
      }),
    );
  });

  it('C4 one more target caller never takes a mail away', () => {
    fc.assert(
      fc.property(calls, settings, numbers, (call, number, caller) => {
        const targetCallers = [...number.callNotice.targetCallers, { number: caller, enabled: true }];
        const wider = { ...number, callNotice: { ...number.callNotice, targetCallers } };
        expect(mails(call, wider)).toBeGreaterThanOrEqual(mails(call, number));
      }),
    );
  });
});
