import type { AccessMailEvent, FaultEvent, FaxEvent } from '#events';
import { decide, decideAccess, decideFault, decideFax, wantsTransfer, type KnownSettings } from './decide.ts';
import { EMPTY_FAULT_NOTICE } from './fault-notice.ts';
import type { LineSettings } from './line-settings.ts';
import type { NumberSettings } from './number-settings.ts';
import type { Service } from './services.ts';
import { aCall, aNumber, AT, CALLER, deadlinesOf, HOUR } from './testing/calls.ts';

describe('decideFax', () => {
  const fax: FaxEvent = {
    kind: 'fax',
    source: '/switch',
    id: 'f-1',
    at: AT,
    lineNumber: '0312345678',
    calledNumber: '0312345679',
    sender: { number: CALLER },
    pages: 3,
    complete: true,
    documentId: 'd-1',
  };
  const started = {
    ...aNumber({ enabled: false }),
    faxNotice: {
      enabled: true,
      recipients: [
        { address: 'a@example.jp', enabled: false },
        { address: 'b@example.jp', enabled: true },
      ],
    },
  };

  it('F1 tells the recipients of the FAX notice whose box is ticked, for 24 hours', () => {
    expect(decideFax(fax, started, AT, deadlinesOf)).toEqual({
      reason: 'notify',
      recipients: ['b@example.jp'],
      deadline: AT + 24 * HOUR,
      brand: 'ntt-east',
    });
  });

  it('F1 does not ask the screening of calls (C7, C8)', () => {
    const screened = { ...started, screening: { nuisanceCallers: [CALLER], numberRequest: true } };
    expect(decideFax(fax, screened, AT, deadlinesOf).reason).toBe('notify');
    expect(decideFax({ ...fax, sender: { withheld: 'P' } }, screened, AT, deadlinesOf).reason).toBe('notify');
  });

  it('F1 tells of a reception that broke off too (F3)', () => {
    expect(decideFax({ ...fax, complete: false, pages: 0 }, started, AT, deadlinesOf).reason).toBe('notify');
  });

  it.each<[string, NumberSettings | undefined, number, string]>([
    ['C15 a FAX at its deadline', started, 24 * HOUR, 'too-late'],
    ['C15 a FAX just before its deadline', started, 24 * HOUR - 1, 'notify'],
    ['F1 a number that is not known', undefined, 0, 'unknown-number'],
    ['F1 a number of another line', { ...started, lineNumber: '0311111111' }, 0, 'unknown-number'],
    ['F1 a stopped service', aNumber(), 0, 'service-off'],
    ['F1 every box off', { ...started, faxNotice: { enabled: true, recipients: [] } }, 0, 'no-recipient'],
    ['A13 a service that is not contracted', { ...started, services: ['call-notice'] }, 0, 'service-off'],
    ['A13 a service that is contracted', { ...started, services: ['fax-notice'] }, 0, 'notify'],
  ])('%s', (_title, settings, age, reason) => {
    expect(decideFax(fax, settings, AT + age, deadlinesOf)).toMatchObject({
      reason,
      recipients: reason === 'notify' ? ['b@example.jp'] : [],
    });
  });
});

const FAULT: FaultEvent = {
  kind: 'fault',
  source: '/switch',
  id: 'x-1',
  at: AT,
  lineNumber: '0312345678',
  faultId: 'flt-77',
};
const LINE: LineSettings = {
  lineNumber: '0312345678',
  brand: 'ntt-west',
  contractor: '山田商店',
  numbers: ['0312345678', '0312345679'],
  faultNotice: {
    ...EMPTY_FAULT_NOTICE,
    enabled: true,
    recipients: [
      { address: 'a@example.jp', enabled: true },
      { address: 'b@example.jp', enabled: false },
    ],
  },
};
const line = (faultNotice: Partial<LineSettings['faultNotice']>): LineSettings => ({
  ...LINE,
  faultNotice: { ...LINE.faultNotice, ...faultNotice },
});

const contracted = (
  faultNotice: Partial<LineSettings['faultNotice']>,
  ...services: Service[]
): LineSettings => ({ ...line(faultNotice), services: { [LINE.lineNumber]: services } });

describe('decideFault', () => {
  it.each<FaultEvent['kind']>(['fault', 'recovery'])(
    'R1 R2 tells the line’s recipients of a %s for 24 hours',
    (kind) => {
      expect(decideFault({ ...FAULT, kind }, LINE, AT, deadlinesOf)).toEqual({
        reason: 'notify',
        recipients: ['a@example.jp'],
        deadline: AT + 24 * HOUR,
        brand: 'ntt-west',
      });
    },
  );

  it.each<[string, LineSettings | undefined, number, string]>([
    ['C15 a fault at its deadline', LINE, 24 * HOUR, 'too-late'],
    ['C15 a fault just before its deadline', LINE, 24 * HOUR - 1, 'notify'],
    ['R1 a line that is not known', undefined, 0, 'unknown-number'],
    ['R1 a stopped service', line({ enabled: false }), 0, 'service-off'],
    ['A13 a service that is not contracted', contracted({}, 'bulk-transfer'), 0, 'service-off'],
    ['A13 a service that is contracted', contracted({}, 'fault-notice'), 0, 'notify'],
    ['A13 another number’s contract', { ...LINE, services: { '0312345679': [] } }, 0, 'notify'],
    [
      'R1 every box off',
      line({ recipients: [{ address: 'a@example.jp', enabled: false }] }),
      0,
      'no-recipient',
    ],
  ])('%s', (_title, settings, age, reason) => {
    expect(decideFault(FAULT, settings, AT + age, deadlinesOf).reason).toBe(reason);
  });
});

describe('wantsTransfer', () => {
  it.each<[string, FaultEvent['kind'], LineSettings | undefined, boolean]>([
    ['a fault with automatic start', 'fault', line({ autoStartTransfer: true }), true],
    ['a fault with automatic stop only', 'fault', line({ autoStopTransfer: true }), false],
    ['a recovery with automatic stop', 'recovery', line({ autoStopTransfer: true }), true],
    ['a recovery with automatic start only', 'recovery', line({ autoStartTransfer: true }), false],
    ['every box off', 'fault', line({ autoStartTransfer: true, recipients: [] }), true],
    ['a stopped service', 'fault', line({ autoStartTransfer: true, enabled: false }), false],
    ['a line that is not known', 'fault', undefined, false],
    [
      'A13 both services contracted',
      'fault',
      contracted({ autoStartTransfer: true }, 'fault-notice', 'bulk-transfer'),
      true,
    ],
    [
      'A13 no transfer contracted',
      'fault',
      contracted({ autoStartTransfer: true }, 'fault-notice', 'call-notice'),
      false,
    ],
    ['A13 no notice contracted', 'recovery', contracted({ autoStopTransfer: true }, 'bulk-transfer'), false],
  ])('R3 %s', (_title, kind, settings, wanted) => {
    expect(wantsTransfer({ ...FAULT, kind }, settings)).toBe(wanted);
  });
});

const ACCESS: AccessMailEvent = {
  kind: 'one-time-password',
  source: '/site',
  id: 'o-1',
  at: AT,
  number: '0312345679',
  brand: 'ocn-east',
  recipient: 'a@example.jp',
  expiresAt: AT + 300_000,
  sealed: 'v1.k.i.c.t',
};

describe('decideAccess', () => {
  it('O1 goes to its recipient, whatever is known of the number, until it expires', () => {
    expect(decideAccess(ACCESS, AT, deadlinesOf)).toEqual({
      reason: 'notify',
      recipients: ['a@example.jp'],
      deadline: AT + 300_000,
      brand: 'ocn-east',
    });
  });

  it('O1 does not send a code that can no longer be used', () => {
    expect(decideAccess(ACCESS, AT + 299_999, deadlinesOf).reason).toBe('notify');
    expect(decideAccess(ACCESS, AT + 300_000, deadlinesOf)).toMatchObject({
      reason: 'too-late',
      recipients: [],
    });
  });

  it.each<[string, AccessMailEvent['kind'], number]>([
    ['O2 a registration’s link', 'address-registration', 24 * HOUR],
    ['O3 a two-step code', 'two-step-code', 300_000],
    ['C12 a test mail', 'test', 60_000],
  ])('%s is sent until it expires, and not a millisecond longer', (_title, kind, validFor) => {
    const event = { ...ACCESS, kind, expiresAt: AT + validFor };
    expect(decideAccess(event, AT + validFor - 1, deadlinesOf).reason).toBe('notify');
    expect(decideAccess(event, AT + validFor, deadlinesOf).reason).toBe('too-late');
  });

  it('C15 gives 24 hours to what does not expire (O4)', () => {
    const { expiresAt, ...changed } = { ...ACCESS, kind: 'password-changed' as const };
    expect(expiresAt).toBeDefined();
    expect(decideAccess(changed, AT, deadlinesOf).deadline).toBe(AT + 24 * HOUR);
  });
});

describe('decide', () => {
  const known: KnownSettings = {
    numbers: new Map([['0312345679', aNumber()]]),
    lines: new Map([['0312345678', LINE]]),
  };
  const fax: FaxEvent = {
    ...aCall(),
    kind: 'fax',
    sender: { number: CALLER },
    pages: 1,
    complete: true,
    documentId: 'd',
  };

  it('C1 F1 R1 O1 asks each event’s own settings', () => {
    expect(decide(aCall(), known, AT, deadlinesOf)).toMatchObject({ reason: 'notify', brand: 'ntt-east' });
    expect(decide(fax, known, AT, deadlinesOf)).toMatchObject({ reason: 'service-off', brand: 'ntt-east' });
    expect(decide(FAULT, known, AT, deadlinesOf)).toMatchObject({ reason: 'notify', brand: 'ntt-west' });
    expect(decide(ACCESS, known, AT, deadlinesOf)).toMatchObject({ reason: 'notify', brand: 'ocn-east' });
  });

  it('C1 says what is not known', () => {
    const nothing: KnownSettings = { numbers: new Map(), lines: new Map() };
    expect(decide(aCall(), nothing, AT, deadlinesOf).reason).toBe('unknown-number');
    expect(decide(FAULT, nothing, AT, deadlinesOf).reason).toBe('unknown-number');
  });
});
