import { answers, fault, recovery } from '../testing/fault-reports.ts';
import type { FaultReport } from './fault-state.ts';

/** `reason` of each, with the command behind it. */
const story = (...reports: FaultReport[]) =>
  answers(...reports).map(({ decision, commands }) =>
    [decision.reason, ...commands.map(({ action }) => action)].join(' '),
  );

const B = { faultId: 'flt-78' };
const silent = { transfer: false };
const off = { reason: 'service-off', transfer: false } as const;
const late = { reason: 'too-late' } as const;
const boxesOff = { reason: 'no-recipient' } as const;

describe('apply', () => {
  it.each<[string, FaultReport[], string[]]>([
    ['R3 R4 a fault and its recovery', [fault('1', 10), recovery('2', 20)], ['notify start', 'notify stop']],
    ['R3 with both switches off', [fault('1', 10, silent), recovery('2', 20, silent)], ['notify', 'notify']],
    [
      'R4 a fault repeated',
      [fault('1', 10), fault('2', 10), fault('3', 15)],
      ['notify start', 'already-notified', 'already-notified'],
    ],
    [
      'R4 a recovery repeated',
      [fault('1', 10), recovery('2', 20), recovery('3', 20), recovery('4', 25)],
      ['notify start', 'notify stop', 'already-notified', 'already-notified'],
    ],
    [
      'R4 the same fault again after its recovery',
      [fault('1', 10), recovery('2', 20), fault('3', 30), recovery('4', 40)],
      ['notify start', 'notify stop', 'notify start', 'notify stop'],
    ],
    [
      'R4 a fault older than its recovery',
      [fault('1', 10), recovery('2', 20), fault('3', 15)],
      ['notify start', 'notify stop', 'stale'],
    ],
    ['R4 a fault as old as its recovery', [recovery('1', 20), fault('2', 20)], ['notify stop', 'stale']],
    ['R4 a recovery of a fault never heard of', [recovery('1', 20)], ['notify stop']],
    [
      'R4 a recovery of a fault never heard of, repeated',
      [recovery('1', 20), recovery('2', 20)],
      ['notify stop', 'already-notified'],
    ],
    [
      'R4 a fault after the recovery of one never heard of',
      [recovery('1', 20), fault('2', 30)],
      ['notify stop', 'notify start'],
    ],
    [
      'R4 a recovery older than the fault that is open',
      [fault('1', 30), recovery('2', 20)],
      ['notify start', 'already-notified'],
    ],
    [
      'R4 the first recovery again after the second fault',
      [fault('1', 10), recovery('2', 20), fault('3', 30), recovery('4', 20)],
      ['notify start', 'notify stop', 'notify start', 'already-notified'],
    ],
    [
      'R4 a recovery between two words of the same fault, heard last',
      [fault('1', 10), fault('2', 30), recovery('3', 20), recovery('4', 40)],
      ['notify start', 'already-notified', 'already-notified', 'notify stop'],
    ],
    [
      'R4 a late repeat before the recovery it is older than',
      [fault('1', 30), fault('2', 10), recovery('3', 20)],
      ['notify start', 'already-notified', 'already-notified'],
    ],

    [
      'R3 a stop waits for another fault',
      [fault('1', 10), fault('2', 11, B), recovery('3', 20), recovery('4', 21, B)],
      ['notify start', 'notify start', 'notify', 'notify stop'],
    ],
    [
      'R3 a stop that waited is not given again for a repeat',
      [fault('1', 10), fault('2', 11, B), recovery('3', 20), recovery('4', 21, B), recovery('5', 20)],
      ['notify start', 'notify start', 'notify', 'notify stop', 'already-notified'],
    ],
    [
      'R3 a stop does not wait for a fault that recovered',
      [fault('1', 10), recovery('2', 12), fault('3', 11, B), recovery('4', 20, B)],
      ['notify start', 'notify stop', 'notify start', 'notify stop'],
    ],
    [
      'R3 a stop does not ask who started',
      [fault('1', 10, silent), recovery('2', 20)],
      ['notify', 'notify stop'],
    ],
    [
      'R3 every box off',
      [fault('1', 10, boxesOff), recovery('2', 20, boxesOff)],
      ['no-recipient start', 'no-recipient stop'],
    ],
    [
      'R3 every box off, repeated',
      [
        fault('1', 10, boxesOff),
        fault('2', 10, boxesOff),
        recovery('3', 20, boxesOff),
        recovery('4', 20, boxesOff),
      ],
      ['no-recipient start', 'no-recipient', 'no-recipient stop', 'no-recipient'],
    ],
    [
      'R3 a box ticked before the repeat',
      [fault('1', 10, boxesOff), fault('2', 10)],
      ['no-recipient start', 'notify'],
    ],
    [
      'R4 every box off at the repeat',
      [fault('1', 10), fault('2', 10, boxesOff)],
      ['notify start', 'already-notified'],
    ],
    [
      'R3 automatic start switched on before the repeat',
      [fault('1', 10, silent), fault('2', 10)],
      ['notify', 'already-notified start'],
    ],

    ['R3 C15 a fault that is too late', [fault('1', 10, late)], ['too-late']],
    [
      'R3 C15 a recovery that is too late still stops',
      [fault('1', 10), recovery('2', 20, late)],
      ['notify start', 'too-late stop'],
    ],
    [
      'R3 C15 a repeat in time of a fault that was too late',
      [fault('1', 10, late), fault('2', 90)],
      ['too-late', 'notify start'],
    ],
    [
      'R3 a fault that was too late holds back a stop',
      [fault('1', 10, { ...late, ...B }), fault('2', 80), recovery('3', 90)],
      ['too-late', 'notify start', 'notify'],
    ],
    [
      'R3 a fault heard while the service was off holds back a stop',
      [fault('1', 10, { ...off, ...B }), fault('2', 80), recovery('3', 90), recovery('4', 91, B)],
      ['service-off', 'notify start', 'notify', 'notify stop'],
    ],
    [
      'R1 a stopped service',
      [fault('1', 10, off), fault('2', 10, off), recovery('3', 20, off), fault('4', 15, off)],
      ['service-off', 'service-off', 'service-off', 'service-off'],
    ],
    [
      'R1 a service started before the repeat',
      [fault('1', 10, off), fault('2', 10), recovery('3', 20)],
      ['service-off', 'notify start', 'notify stop'],
    ],
    [
      'R1 a service stopped before the repeat',
      [fault('1', 10), fault('2', 10, off)],
      ['notify start', 'service-off'],
    ],
    [
      'C15 a stale fault that is too late',
      [recovery('1', 20), fault('2', 20, late)],
      ['notify stop', 'too-late'],
    ],
    [
      'C15 an old recovery that is too late',
      [fault('1', 30), recovery('2', 20, late)],
      ['notify start', 'too-late'],
    ],
  ])('%s', (_title, reports, expected) => {
    expect(story(...reports)).toEqual(expected);
  });

  it('R3 says what to do, because of what, under an id of its own', () => {
    const [started, , stopped] = answers(fault('1', 10), fault('2', 10), recovery('3', 20));
    const common = { lineNumber: '0312345678', because: 'flt-77' };
    expect(started?.commands).toEqual([
      { ...common, id: '0312345678:flt-77:start:10', action: 'start', at: 10 },
    ]);
    expect(stopped?.commands).toEqual([
      { ...common, id: '0312345678:flt-77:stop:20', action: 'stop', at: 20 },
    ]);
  });

  it('R4 tells with a recovery since when it failed, and whose waiting mails it supersedes', () => {
    const [, , recovered] = answers(fault('1', 10), fault('2', 15), recovery('3', 20));
    expect(recovered?.decision).toEqual({
      reason: 'notify',
      fault: { failedAt: 10, notice: { source: '/switch', id: '1' } },
    });
  });

  it('R4 tells since the earliest word of the fault, in whatever order the words came', () => {
    const [, , recovered] = answers(fault('1', 15), fault('2', 10), recovery('3', 20));
    expect(recovered?.decision.fault?.failedAt).toBe(10);
  });

  it('R4 supersedes the fault’s mails even when the recovery itself is no mail', () => {
    const [, recovered] = answers(fault('1', 10), recovery('2', 20, off));
    expect(recovered?.decision).toMatchObject({ reason: 'service-off', fault: { notice: { id: '1' } } });
  });

  it('R4 tells of a fault that nobody was mailed, and not of one never heard of', () => {
    const [, unmailed] = answers(fault('1', 10, boxesOff), recovery('2', 20));
    expect(unmailed?.decision).toEqual({ reason: 'notify', fault: { failedAt: 10 } });
    expect(answers(recovery('1', 20))[0]?.decision).toEqual({ reason: 'notify' });
  });

  it('R4 tells of the new fault, not of the one before it', () => {
    const all = answers(fault('1', 10), recovery('2', 20), fault('3', 30), recovery('4', 40));
    expect(all[3]?.decision.fault).toEqual({ failedAt: 30, notice: { source: '/switch', id: '3' } });
  });

  it('R4 keeps a fault’s own event decided when it comes again after the recovery, and starts nothing', () => {
    expect(story(fault('1', 10), recovery('2', 20), fault('1', 10))).toEqual([
      'notify start',
      'notify stop',
      'notify',
    ]);
  });

  it('R4 keeps a decided event decided when its time has passed since', () => {
    expect(story(fault('1', 10), fault('1', 10, late))).toEqual(['notify start', 'notify']);
  });

  it('R4 tells two events of the same id from two sources apart', () => {
    const other = { ...fault('1', 10), event: { source: '/other', id: '1' } };
    expect(story(fault('1', 10), other)).toEqual(['notify start', 'already-notified']);
  });
});
