import fc from 'fast-check';
import { decode } from './decode.ts';
import { nationalNumber } from './fields.ts';

const AT = '2026-11-21T10:00:00+09:00';

function readCall(number: string, contentType = 'application/json'): ReturnType<typeof decode> {
  const data = {
    lineNumber: '0312345678',
    calledNumber: '0312345678',
    caller: { number },
    startedAt: AT,
    ringSeconds: 12,
    outcome: 'unanswered',
  };
  return decode({
    topic: 'call-events',
    partition: 0,
    offset: '0',
    key: null,
    timestamp: Date.parse(AT),
    headers: {
      ce_specversion: '1.0',
      ce_id: 'e',
      ce_source: '/switch/test',
      ce_type: 'call.v1',
      ce_time: AT,
      'content-type': contentType,
    },
    value: Buffer.from(JSON.stringify(data)),
  });
}

describe('the forms of a caller', () => {
  it.each(['+819012345678', '+8109012345678', '819012345678', '00819012345678', '010819012345678'])(
    'C4 C8 reads %s as 09012345678',
    (number) => {
      expect(readCall(number)).toMatchObject({ ok: true, event: { caller: { number: '09012345678' } } });
    },
  );

  it.each(['110', '0312345678', '+14155550100', '81312345678'])('C4 C8 leaves %s as it is', (number) => {
    expect(readCall(number)).toMatchObject({ ok: true, event: { caller: { number } } });
  });

  it.each(['+81', '+810'])('C4 refuses %s, which has no number behind the country code', (number) => {
    expect(readCall(number)).toMatchObject({ ok: false, problems: [{ path: 'data.caller.number' }] });
  });
});

describe('the forms of any caller', () => {
  const significant = fc.stringMatching(/^[1-9]\d{8,9}$/);
  const domestic = significant.map((digits) => `0${digits}`);

  it('C4 C8 are one number', () => {
    fc.assert(
      fc.property(
        significant,
        fc.constantFrom('+81', '+810', '0081', '00810', '01081', '010810'),
        (digits, prefix) => {
          expect(nationalNumber(prefix + digits)).toBe(`0${digits}`);
        },
      ),
    );
  });

  it('C4 C8 read as the same number when they are read again', () => {
    fc.assert(
      fc.property(fc.oneof(domestic, fc.stringMatching(/^\+?(00|010)?(81)?0?\d{9,10}$/)), (number) => {
        const once = nationalNumber(number);
        fc.pre(/^0[1-9]\d{8,9}$/.test(once));
        expect(nationalNumber(once)).toBe(once);
      }),
    );
  });

  it('C4 C8 leave a domestic number, and one from abroad, as it is', () => {
    const foreign = fc.stringMatching(/^\+([1-79]\d|8[02-9])\d{5,13}$/);
    fc.assert(
      fc.property(fc.oneof(domestic, foreign), (number) => {
        expect(nationalNumber(number)).toBe(number);
      }),
    );
  });
});

describe('the media type of a record', () => {
  it('is read in a time that grows with its length', () => {
    const type = `application/json${';   '.repeat(5_000)}x`;
    expect(readCall('110', type)).toMatchObject({ ok: false });
  });

  it.each([
    'application/json;charset=UTF-8;',
    'application/json;',
    'application/json; charset=utf8',
    'application/json; profile="https://example.jp/call"',
    'Application/JSON ; a=b; charset="utf-8"',
  ])('%s is JSON', (type) => {
    expect(readCall('110', type)).toMatchObject({ ok: true });
  });

  it.each([
    'application/json; charset=shift_jis',
    'application/json; a=b; charset=iso-8859-1',
    'application/json; charset="utf-16"',
    'application/json; a',
    'application/jsonl',
  ])('%s is refused', (type) => {
    expect(readCall('110', type)).toMatchObject({ ok: false, problems: [{ path: 'headers.content-type' }] });
  });
});
