import { Registry } from 'prom-client';
import type { TopicBacklog } from '#kafka';
import type { Outcome } from '#redis';
import { createRecentOutcomes, type RecentOutcomes } from '../../outcomes/recent-outcomes.ts';
import type { FlowPart } from './flow-part.ts';
import { createFlow, type Flow, type FlowDeps } from './look-at-flow.ts';
import { watchChecks } from './watch-checks.ts';

const MINUTE = 60_000;
let now: number;
let asked: number;
let away: string | undefined;
let backlogs: Record<string, Partial<TopicBacklog>>;
let recent: RecentOutcomes;
let deps: FlowDeps;

beforeEach(() => {
  now = Date.parse('2026-11-28T10:00:00+09:00');
  asked = 0;
  away = undefined;
  backlogs = {};
  recent = createRecentOutcomes(() => now);
  deps = {
    checks: watchChecks({ redis: () => away }, new Registry(), () => now),
    groupId: 'g',
    backlogs: async (topics) => {
      asked += 1;
      return topics.map(({ topic }) => ({ topic, waiting: 0, olderThanMs: [], ...backlogs[topic] }));
    },
    openDeadLetters: async () => [],
    switchUntold: async () => ({ count: 0, oldestAt: undefined }),
    messagesDue: async () => ({ count: 0, oldestAt: undefined }),
    actionsUntold: async () => ({ count: 0, oldestAt: undefined }),
    recent,
    now: () => now,
  };
});

const partOf = ({ groups }: Flow, name: string): FlowPart | undefined =>
  groups.flatMap(({ parts }) => parts).find((part) => part.technical.startsWith(name));
const look = async (name: string): Promise<FlowPart | undefined> => partOf(await createFlow(deps)(), name);
const outcome = (state: string): Outcome => ({
  eventSource: 's',
  eventId: 'e',
  sequence: 1,
  kind: 'call',
  number: '0312345678',
  lineNumber: null,
  at: '',
  reason: 'notify',
  recipients: [{ address: 'a@gmail.com', state, attempts: 1, response: '' }],
});

describe('what flows', () => {
  it.each([
    [{}, 'good'],
    [{ waiting: 3 }, 'good'],
    [{ waiting: 3, olderThanMs: [MINUTE] }, 'warn'],
    [{ waiting: 3, olderThanMs: [MINUTE, 10 * MINUTE] }, 'bad'],
  ] as const)('says of a topic with %j that it is %s', async (backlog, level) => {
    backlogs['call-events'] = backlog;
    expect(await look('call-events')).toMatchObject({ level });
  });

  it('lets retries wait as long as their topic says, and shows those that are late apart', async () => {
    backlogs['notify-retry-1h'] = { waiting: 2, olderThanMs: [61 * MINUTE] };
    backlogs['notify-retry-10s'] = { waiting: 5 };
    expect(await look('notify-retry-1h')).toMatchObject({ level: 'warn' });
    expect(await look('notify-retry-*')).toMatchObject({
      level: 'good',
      says: '5件が処理中か、待っています。',
    });
    expect(await look('notify-retry-10s')).toBeUndefined();
  });

  it('says how long something waits for others, and that a dead letter needs somebody', async () => {
    deps = {
      ...deps,
      switchUntold: async () => ({ count: 1, oldestAt: now - 11 * MINUTE }),
      messagesDue: async () => ({ count: 1, oldestAt: now - MINUTE }),
      actionsUntold: async () => ({ count: 2, oldestAt: now - 10 * MINUTE }),
      openDeadLetters: async () => [{ at: now - 5 }, { at: now - 9 }],
    };
    expect(await look('notify_switch_untold')).toMatchObject({ level: 'bad', since: now - 11 * MINUTE });
    expect(await look('notify_messages_due')).toMatchObject({ level: 'warn' });
    expect(await look('notify_actions_untold')).toMatchObject({ level: 'bad', says: '2件が待っています。' });
    expect(await look('notify-dlq')).toMatchObject({ level: 'warn', since: now - 9 });
  });

  it('is there without a server: what cannot be seen says so, and why, without an address', async () => {
    const broken = (): Promise<never> => Promise.reject(new Error('no broker for taro@example.jp'));
    deps = {
      ...deps,
      backlogs: broken,
      openDeadLetters: broken,
      switchUntold: broken,
      messagesDue: broken,
      actionsUntold: broken,
    };
    const flow = await createFlow(deps)();
    for (const name of [
      'notify_consumer_lag',
      'notify-dlq',
      'notify_switch_untold',
      'notify_messages_due',
      'notify_actions_untold',
    ])
      expect(partOf(flow, name)).toMatchObject({
        level: 'unseen',
        says: '確認できません: no broker for t***@example.jp',
      });
  });

  it('knows since when a server is away', async () => {
    expect(await look('redis')).toMatchObject({ level: 'good' });
    away = 'refused';
    now += MINUTE;
    await deps.checks.look();
    now += MINUTE;
    expect(await look('redis')).toMatchObject({
      level: 'bad',
      since: now - MINUTE,
      says: '使えません: refused',
    });
  });

  it('tells when the last outcome and the last accepted mail came', async () => {
    expect(await look('notify-outcomes')).toMatchObject({ level: 'unseen' });
    recent.add([outcome('bounced')]);
    expect(await look('notify-outcomes')).toMatchObject({ level: 'good', at: now });
    expect(await look('notify_last_accepted')).toMatchObject({ level: 'warn' });
    recent.add([outcome('accepted')]);
    expect(await look('notify_last_accepted')).toMatchObject({ level: 'good', at: now });
  });

  it('lets a night without calls be quiet, however long it is', async () => {
    recent.add([outcome('accepted')]);
    const at = now;
    now += 6 * 60 * MINUTE;
    recent.add([{ ...outcome('accepted'), reason: 'answered', recipients: [] }]);
    expect(await look('notify_last_accepted')).toMatchObject({
      level: 'good',
      at,
      says: 'メールサーバーが受け取りました。この後、メールを送るイベントはありません。',
    });
  });

  it.each(['deferred', 'expired', 'in-doubt'])(
    'warns when a mail is %s for five minutes, and none was accepted since',
    async (state) => {
      recent.add([outcome('accepted')]);
      recent.add([outcome(state)]);
      now += 5 * MINUTE - 1;
      expect(await look('notify_last_accepted')).toMatchObject({ level: 'good' });
      now += 1;
      expect(await look('notify_last_accepted')).toMatchObject({
        level: 'warn',
        at: now - 5 * MINUTE,
        says: 'メールサーバーが受け取りました。この後、メールを送るイベントが1件ありましたが、受け取られたメールはありません。',
      });
      recent.add([outcome('accepted')]);
      expect(await look('notify_last_accepted')).toMatchObject({ level: 'good', at: now });
    },
  );

  it('warns of refused addresses only when there are three, since one may just be gone', async () => {
    const bounced = (address: string): Outcome => ({
      ...outcome('bounced'),
      recipients: [{ address, state: 'bounced', attempts: 1, response: '' }],
    });
    recent.add([outcome('accepted'), bounced('a'), bounced('b'), bounced('b')]);
    now += 5 * MINUTE;
    expect(await look('notify_last_accepted')).toMatchObject({ level: 'good' });
    recent.add([bounced('c')]);
    expect(await look('notify_last_accepted')).toMatchObject({ level: 'warn' });
  });

  it('warns when events wait too long to be worked, unless mails are accepted meanwhile', async () => {
    backlogs['call-events'] = { waiting: 3, olderThanMs: [MINUTE] };
    recent.add([outcome('accepted')]);
    expect(await look('notify_last_accepted')).toMatchObject({ level: 'good' });
    now += MINUTE;
    expect(await look('notify_last_accepted')).toMatchObject({
      level: 'warn',
      says: 'メールサーバーが受け取りました。この後、受付を待っているイベントがあります。',
    });
    // What is tried again waits by design, or is no event of a subscriber.
    backlogs = { 'notify-retry-1h': { waiting: 2, olderThanMs: [61 * MINUTE] } };
    expect(await look('notify_last_accepted')).toMatchObject({ level: 'good' });
  });

  it('leads to the page that shows more of a part', async () => {
    const ways = (await createFlow(deps)()).groups.flatMap(({ parts }) =>
      parts.flatMap(({ way }) => way?.href ?? []),
    );
    expect(ways).toEqual(['/ops/outcomes', '/ops/carriers', '/ops/dead-letters', '/ops/actions']);
  });

  it('asks once in five seconds, however many look', async () => {
    const flow = createFlow(deps);
    await Promise.all([flow(), flow(), flow()]);
    now += 4_999;
    await flow();
    expect(asked).toBe(1);
    now += 1;
    await flow();
    expect(asked).toBe(2);
  });
});

describe('the outcomes that were read last', () => {
  it('are bounded, the newest first', () => {
    recent.add(
      Array.from({ length: 500 }, (_, index) => ({ ...outcome('accepted'), eventId: String(index) })),
    );
    expect(recent.newest()).toHaveLength(200);
    expect(recent.newest()[0]?.outcome.eventId).toBe('499');
  });

  it('are counted by carrier and state for an hour, with the last trouble', () => {
    recent.add([outcome('accepted'), outcome('accepted')]);
    now += 30 * MINUTE;
    const [to] = outcome('bounced').recipients;
    recent.add([{ ...outcome(''), recipients: [{ ...to!, response: '550 no' }] }]);
    expect(recent.carriers()).toEqual([
      {
        domain: 'gmail.com',
        states: new Map([
          ['accepted', 2],
          ['bounced', 1],
        ]),
        lastTrouble: { state: 'bounced', response: '550 no', at: now },
      },
    ]);
    now += 31 * MINUTE;
    expect(recent.carriers()[0]?.states).toEqual(new Map([['bounced', 1]]));
  });
});
