import type { AccessState } from '#access';
import { describeAccess } from './access.ts';

const AT = Date.parse('2026-11-21T10:00:00+09:00');
const LINE = { lineNumber: '0312345678', brand: 'ntt-east', numbers: ['0312345678', '0312345679'] };
const NEW: AccessState = {
  unit: 'line',
  password: 'none',
  passwordExpiresAt: undefined,
  oneTimePassword: { use: null, address: null, pending: false },
  sessions: 0,
  lastLoginAt: null,
  interventions: [],
};

const told = (state: Partial<AccessState>, number = LINE.lineNumber): string[] =>
  describeAccess(number, LINE, { ...NEW, ...state });

describe('ops access', () => {
  it('A15 tells what a number is that nobody has logged in with', () => {
    expect(told({})).toEqual([
      'number 0312345678 of line 0312345678, brand ntt-east',
      '  authentication unit  line: the line number alone logs in, and sets every number',
      '  password             none: a temporary password has to be set by telephone',
      '  one-time password    not chosen yet: the next login asks',
      '  logged in            nobody',
      '  last login           never',
      '  operators            did nothing',
    ]);
  });

  it('A1 says that a number cannot log in while the unit is the line', () => {
    const shut = '  login                not with this number: only with 0312345678';
    expect(told({}, '0312345679')).toContain(shut);
    expect(told({ unit: 'number' }, '0312345679')).not.toContain(shut);
    expect(told({ password: 'temporary' }, '0312345679')).not.toContain(shut);
  });

  it('A15 tells the whole state of one in use, its address masked, and what operators did', () => {
    const lines = told({
      unit: 'administrator-user',
      password: 'set',
      passwordExpiresAt: AT,
      oneTimePassword: { use: true, address: 'taro@example.jp', pending: true },
      sessions: 1,
      lastLoginAt: AT + 1000,
      interventions: [
        { at: AT + 2000, by: 'helpdesk', what: 'end-sessions' },
        { at: AT, by: 'switch', what: 'temporary-password' },
      ],
    });
    expect(lines.slice(2)).toEqual([
      '  password             set; until 2026-11-21T10:00:00+09:00',
      '  one-time password    in use: each login sends a code to t***@example.jp; ' +
        'an address waits for the link that was mailed to it',
      '  logged in            yes',
      '  last login           2026-11-21T10:00:01+09:00',
      '  operators            newest first:',
      '    2026-11-21T10:00:02+09:00  end-sessions by helpdesk',
      '    2026-11-21T10:00:00+09:00  temporary-password by switch',
    ]);
  });
});
