import { OUTCOMES_TOPIC, RETRY_TOPICS, SOURCE_TOPICS, TOPICS } from '#events';
import type { AskedBacklog, TopicBacklog } from '#kafka';
import type { Backlog } from '#metrics';
import type { AskedServer } from '#operations';
import { scrub } from '#platform';
import { ServerAway } from '../../outage.ts';
import { inTime, NO_ANSWER } from '../answer-in-time.ts';
import type { RecentOutcomes } from '../../outcomes/recent-outcomes.ts';
import { ACTIONS_PATH, LETTERS_PATH, OUTCOMES_PATH } from '../paths.ts';
import { acceptedPart } from './accepted-part.ts';
import {
  BAD_MS,
  backlogPart,
  deadLetterPart,
  topicPart,
  unseenPart,
  WARN_MS,
  type FlowPart,
  type NamedPart,
} from './flow-part.ts';
import { checkPart, type CheckWatch } from './watch-checks.ts';

/** What this process can ask about what flows. */
export interface FlowDeps {
  readonly checks: CheckWatch;
  /** `KAFKA_GROUP_ID`. */
  readonly groupId: string;
  readonly backlogs: (asked: readonly AskedBacklog[]) => Promise<readonly TopicBacklog[]>;
  /** The dead letters that nobody has handled, of the newest. */
  readonly openDeadLetters: () => Promise<readonly { readonly at: number }[]>;
  readonly switchUntold: () => Promise<Backlog>;
  readonly messagesDue: () => Promise<Backlog>;
  readonly actionsUntold: () => Promise<Backlog>;
  readonly recent: RecentOutcomes;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What flows, as it was seen at one moment. */
export interface Flow {
  readonly lookedAt: number;
  readonly groups: readonly { readonly heading: string; readonly parts: readonly FlowPart[] }[];
}

/** How long a look is shown again. */
const SHOWN_MS = 5_000;

const SOURCE_NAMES: Readonly<Record<(typeof SOURCE_TOPICS)[number], string>> = {
  'call-events': '着信',
  'fax-events': 'FAX',
  'fault-events': '故障・回復',
  'access-mails': 'ログインなどのメール',
};

const RETRY = '再送';
const LETTERS: NamedPart = {
  name: 'デッドレター',
  technical: 'notify-dlq',
  way: { href: LETTERS_PATH, text: 'デッドレターを見る' },
};
const INCOMING = '受付: ';

/** Looks at what flows, at most once in 5 seconds however many ask. Never rejects: what is not seen says so. */
export function createFlow(deps: FlowDeps): () => Promise<Flow> {
  let looked: { readonly at: number; readonly flow: Promise<Flow> } | undefined;
  return () => {
    if (!looked || deps.now() - looked.at >= SHOWN_MS) looked = { at: deps.now(), flow: lookAtFlow(deps) };
    return looked.flow;
  };
}

async function lookAtFlow(deps: FlowDeps): Promise<Flow> {
  const now = deps.now();
  const checks = deps.checks.look().then((all) => all.map(checkPart));
  const [ways, servers, letters, outboxes] = await Promise.all([
    topicParts(deps),
    checks,
    seen({ server: 'Kafka', ...LETTERS }, deps.openDeadLetters, deadLetterPart),
    outboxParts(deps, now),
  ]);
  const isLate = ways.some(
    ({ name, level }) => name.startsWith(INCOMING) && (level === 'warn' || level === 'bad'),
  );
  const mails = [lastOutcome(deps), acceptedPart(deps.recent.newest(), isLate, now)];
  return {
    lookedAt: now,
    groups: [
      { heading: 'メールは送られているか', parts: [...mails, letters] },
      { heading: '待っているもの', parts: [...ways, ...outboxes] },
      { heading: 'この画面のプロセス（settings）が使うサーバー', parts: servers },
    ],
  };
}

/** What waits in Redis to be told to others. */
function outboxParts(
  { switchUntold, messagesDue, actionsUntold }: FlowDeps,
  now: number,
): Promise<readonly FlowPart[]> {
  const outbox = (part: NamedPart, ask: () => Promise<Backlog>): Promise<FlowPart> =>
    seen({ server: 'Redis', ...part }, ask, (named, backlog) => backlogPart(named, backlog, now));
  const way = { href: ACTIONS_PATH, text: '操作の記録を見る' };
  return Promise.all([
    outbox({ name: '電話設備への通知', technical: 'notify_switch_untold' }, switchUntold),
    outbox({ name: 'ログイン変更のお知らせ', technical: 'notify_messages_due' }, messagesDue),
    outbox({ name: '操作の記録', technical: 'notify_actions_untold', way }, actionsUntold),
  ]);
}

/** Asks, and says why when there is no answer in time. */
async function seen<T>(
  { server, ...named }: NamedPart & { readonly server: AskedServer },
  ask: () => Promise<T>,
  show: (named: NamedPart, answer: T) => FlowPart,
): Promise<FlowPart> {
  const answer = await answered(server, ask);
  return 'reason' in answer ? unseenPart(named, answer.reason) : show(named, answer.value);
}

async function answered<T>(
  server: AskedServer,
  ask: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly reason: string }> {
  return inTime(server, ask).then(
    (value) => ({ value }),
    (error: unknown) => ({ reason: whyUnseen(error) }),
  );
}

function whyUnseen(error: unknown): string {
  if (error instanceof ServerAway && error.code === 'no-answer') return NO_ANSWER;
  return error instanceof Error ? scrub(error.message) : 'エラー';
}

interface AskedTopic extends AskedBacklog, NamedPart {
  /** How long its records wait by design. */
  readonly calmMs: number;
}

function askedTopics(groupId: string): readonly AskedTopic[] {
  const asked = (topic: string, lane: string, name: string, calmMs = 0): AskedTopic => ({
    topic,
    groupId: `${groupId}-${lane}`,
    agesMs: [calmMs + WARN_MS, calmMs + BAD_MS],
    calmMs,
    name,
    technical: `${topic} (${groupId}-${lane})`,
  });
  return [
    ...SOURCE_TOPICS.map((topic) => asked(topic, TOPICS[topic].lane, INCOMING + SOURCE_NAMES[topic])),
    ...RETRY_TOPICS.map((topic) => asked(topic, TOPICS[topic].lane, RETRY, TOPICS[topic].delayMs)),
    asked(OUTCOMES_TOPIC, 'history', '送信結果の記録'),
  ];
}

async function topicParts({ groupId, backlogs }: FlowDeps): Promise<readonly FlowPart[]> {
  const asked = askedTopics(groupId);
  const answer = await answered('Kafka', () => backlogs(asked));
  if ('reason' in answer)
    return [unseenPart({ name: '受付・再送・記録の待ち', technical: 'notify_consumer_lag' }, answer.reason)];
  const parts = asked.map(({ name, technical, topic, calmMs }) => {
    const found = answer.value.find((one) => one.topic === topic);
    return found
      ? { part: topicPart({ name, technical }, found, calmMs), waiting: found.waiting }
      : { part: unseenPart({ name, technical }, 'トピックがありません'), waiting: 0 };
  });
  return withCalmRetriesInOne(parts);
}

/** Retries that wait by design are one line: six of them would hide what is not. */
function withCalmRetriesInOne(
  parts: readonly { readonly part: FlowPart; readonly waiting: number }[],
): readonly FlowPart[] {
  const isCalm = ({ name, level }: FlowPart): boolean => name === RETRY && level === 'good';
  const calm = parts.filter(({ part }) => isCalm(part));
  const others = parts.map(({ part }) => part).filter((part) => !isCalm(part));
  if (calm.length === 0) return others;
  const sum = calm.reduce((all, { waiting }) => all + waiting, 0);
  const named = { name: RETRY, technical: 'notify-retry-*, access-retry-*' };
  return [...others, topicPart(named, { waiting: sum, olderThanMs: [] }, 0)];
}

/** What the newest outcome says about the whole way. */
function lastOutcome({ recent }: FlowDeps): FlowPart {
  const way = { href: OUTCOMES_PATH, text: '送信結果を見る' };
  const named = { name: '最後の送信結果', technical: OUTCOMES_TOPIC, way };
  const [newest] = recent.newest();
  if (!newest)
    return { ...unseenPart(named, 'このプロセスはまだ1件も受け取っていません'), since: recent.since };
  return { ...named, level: 'good', says: '受け取りました。', at: newest.seenAt };
}
