import fc from 'fast-check';
import { decodeOperatorAction, OPERATOR_ACTIONS, type RawRecord } from '#events';
import { createActionLog, encodeAction } from './action-log.ts';
import { tellActions } from './tell-actions.ts';
import { memoryOutbox } from './testing/memory-outbox.ts';

const NOW = Date.parse('2026-11-21T10:00:00+09:00');
const ACTION = { action: 'put-line', by: 'helpdesk', door: 'api', subject: '0312345678' } as const;
const noCode = (): undefined => undefined;

function opened(room?: number) {
  const outbox = memoryOutbox(room);
  return { outbox, log: createActionLog({ outbox, now: () => NOW }) };
}

describe('O6 an action that is carried out', () => {
  it('is recorded before it begins, as one of which nothing is known', async () => {
    const { outbox, log } = opened();
    await log.carryOut(
      ACTION,
      async () => expect(outbox.actions()).toMatchObject([{ ...ACTION, result: 'unknown', at: NOW }]),
      noCode,
    );
  });

  it('is recorded with its result and the same id', async () => {
    const { outbox, log } = opened();
    const ids: (string | undefined)[] = [];
    await log.carryOut(ACTION, async () => ids.push(outbox.actions()[0]?.id), noCode);
    expect(outbox.actions()).toEqual([{ ...ACTION, id: ids[0], at: NOW, result: 'done' }]);
  });

  it.each([
    ['stale', { result: 'refused', code: 'stale' }],
    [undefined, { result: 'unknown' }],
  ])('and thrown out of with the code %s says so, and throws on', async (code, how) => {
    const { outbox, log } = opened();
    const work = (): Promise<never> => Promise.reject(new Error('no'));
    await expect(log.carryOut(ACTION, work, () => code)).rejects.toThrow('no');
    expect(outbox.actions()).toEqual([{ ...ACTION, id: expect.any(String) as string, at: NOW, ...how }]);
  });

  it('is not begun when it cannot be recorded', async () => {
    const { log } = opened(0);
    let isDone = false;
    const doing = log.carryOut(ACTION, async () => (isDone = true), noCode);
    await expect(doing).rejects.toMatchObject({ code: 'actions-untold', retryable: true });
    expect(isDone).toBe(false);
  });

  it('is done, and stays recorded as begun, when its result cannot be written', async () => {
    const outbox = memoryOutbox();
    const away = { add: outbox.add, replace: () => Promise.reject(new Error('away')) };
    const log = createActionLog({ outbox: away, now: () => NOW });
    expect(await log.carryOut(ACTION, async () => 'result', noCode)).toBe('result');
    expect(outbox.actions()).toMatchObject([{ result: 'unknown' }]);
  });
});

it('O6 logins that were refused take half of the room at most, so that they keep nobody from working', async () => {
  const limits: number[] = [];
  const outbox = memoryOutbox();
  const log = createActionLog({
    outbox: { ...outbox, add: (text, options) => (limits.push(options.limit), outbox.add(text, options)) },
    now: () => NOW,
  });
  await log.note({ ...ACTION, action: 'log-in', by: null, result: 'refused', code: 'unknown-token' });
  await log.note({ ...ACTION, action: 'log-in', result: 'done' });
  expect(limits[0]).toBe((limits[1] ?? 0) / 2);
});

it('O6 an action is read from its record as it was', async () => {
  const arbitrary = fc.record(
    {
      id: fc.uuid(),
      action: fc.constantFrom(...OPERATOR_ACTIONS),
      by: fc.constantFrom('helpdesk', null),
      door: fc.constantFrom('api' as const, 'page' as const, 'cli' as const),
      address: fc.ipV6(),
      subject: fc.constantFrom('0312345678', 'taro-01', null),
      result: fc.constantFrom('done' as const, 'refused' as const, 'unknown' as const),
      code: fc.constantFrom('stale', 'unknown-number'),
      at: fc.integer({ min: NOW - 1e9, max: NOW }),
    },
    { requiredKeys: ['id', 'action', 'by', 'door', 'subject', 'result', 'at'] },
  );
  fc.assert(
    fc.property(arbitrary, (action) => {
      const record = { ...encodeAction(action), partition: 0, offset: '0', timestamp: NOW } as RawRecord;
      expect(decodeOperatorAction(record)).toEqual({ ok: true, value: action });
    }),
  );
});

describe('O6 what waits in the outbox', () => {
  const told = async (publish: () => Promise<void>): Promise<{ texts: number; troubles: string[] }> => {
    const { outbox, log } = opened();
    await log.note({ ...ACTION, result: 'done' });
    const closing = new AbortController();
    const troubles: string[] = [];
    const publisher = { publish: () => publish().finally(() => closing.abort()) };
    const onTrouble = ({ message }: Error): void => void troubles.push(message);
    await tellActions({ outbox, publisher }, closing.signal).catch(onTrouble);
    return { texts: outbox.texts.length, troubles };
  };

  it('is removed when Kafka has it', async () => {
    expect(await told(async () => undefined)).toEqual({ texts: 0, troubles: [] });
  });

  it('stays while Kafka has not acknowledged it', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('no broker'));
    expect(await told(away)).toEqual({ texts: 1, troubles: ['no broker'] });
  });
});
