import type { Registry } from 'prom-client';
import { createLoginMetrics, type OperatorDeps } from '#access';
import { readBacklogs, type KafkaConnection, type Publisher } from '#kafka';
import { readActions, readDeadLetters, selectDeadLetters, storyOf, type Sources } from '#operations';
import { trustedProxies } from '#pages';
import { tokenOwners, type EnvironmentWith, type ReadyCheck } from '#platform';
import {
  createOperatorSessions,
  createOutcomeHistory,
  createSourceLimit,
  RedisError,
  type RedisConnection,
} from '#redis';
import type { ScreeningNames } from '#rules';
import { ServerAway } from '../outage.ts';
import type { RecentOutcomes } from '../outcomes/recent-outcomes.ts';
import { operateDeps, type SettingsParts } from '../settings.module.ts';
import type { OpsOptions } from './create-ops-app.ts';
import { createFlow, type FlowDeps } from './flow/look-at-flow.ts';
import { watchChecks, type CheckWatch } from './flow/watch-checks.ts';
import type { OpsParts } from './ops.module.ts';
import { ACTIONS_BOUND } from './pages/actions/controller.ts';
import { LETTERS_BOUND } from './pages/dead-letters/controller.ts';
import type { SearchedHistory } from './pages/outcomes/controller.ts';
import { createRecent } from './recent.ts';

type OpsEnvironment = EnvironmentWith<'SETTINGS_API_TOKENS'>;

/** What the operator's pages stand on. */
export interface OpsSurroundings {
  readonly redis: RedisConnection;
  /** The history's Redis: the same as `redis` where it has none of its own. */
  readonly history: RedisConnection;
  readonly kafka: KafkaConnection;
  readonly publisher: Publisher;
  /** Those of the API beside them. */
  readonly parts: SettingsParts;
  /** The servers that this process needs. */
  readonly checks: Readonly<Record<string, ReadyCheck>>;
  readonly backlogs: Pick<FlowDeps, 'switchUntold' | 'messagesDue' | 'actionsUntold'>;
  readonly recent: RecentOutcomes;
  readonly words: ScreeningNames;
  readonly registry: Registry;
}

const SOURCE_WINDOW_MS = 15 * 60_000;
/** How long to wait for a Redis that is not connected. */
const READY_WITHIN_MS = 2_000;
/** Of a number: more would be a page that a phone scrolls through for ever. */
const MOST_EVENTS = 20;

/** Opens what the operator's pages need, and what has to be looked at now and then, to know since when it is so. */
export function openOps(
  environment: OpsEnvironment,
  surroundings: OpsSurroundings,
): { readonly options: OpsOptions; readonly watch: CheckWatch } {
  const { redis, history, kafka, checks, recent, words, registry } = surroundings;
  const watch = watchChecks(checks, registry, Date.now);
  const sources: Sources = {
    kafka,
    groupId: environment.KAFKA_GROUP_ID,
    redis,
    history,
    readyWithinMs: READY_WITHIN_MS,
  };
  const options: OpsOptions = {
    parts: {
      operators: operatorDeps(environment, redis),
      logins: createLoginMetrics(registry),
      flow: createFlow(flowDeps(sources, watch, surroundings)),
      history: openHistory(sources),
      recent,
      tellStory: (asked) =>
        storyOf(sources, {
          ...asked,
          limit: MOST_EVENTS,
          searchesKafka: false,
          newestLetters: LETTERS_BOUND,
        }),
      words,
      ...actingParts(surroundings),
    },
    isProxy: trustedProxies(environment.SITE_TRUSTED_PROXIES ?? []),
  };
  return { options, watch };
}

/** What operators do things with: dead letters, logins, and the record of who did what. */
function actingParts({
  kafka,
  publisher,
  parts,
}: OpsSurroundings): Pick<OpsParts, 'access' | 'letters' | 'actionLog' | 'actions' | 'logger'> {
  const { actionLog, logger, now } = parts;
  return {
    access: operateDeps(parts),
    letters: {
      copies: createRecent(() => readDeadLetters(kafka, { newest: LETTERS_BOUND }), now),
      publisher,
      topicPrefix: kafka.topicPrefix,
      now,
    },
    actionLog,
    actions: createRecent(() => readActions(kafka, ACTIONS_BOUND), now),
    logger,
  };
}

/** Outcomes to search; errors of a Redis of their own name it. */
function openHistory({ redis, history }: Sources): SearchedHistory {
  const outcomes = createOutcomeHistory(history, { settings: redis, everyContract: true });
  if (history === redis) return outcomes;
  const rename = (cause: unknown): never => {
    throw cause instanceof RedisError && cause.retryable ? new ServerAway('History', { cause }) : cause;
  };
  return {
    ofNumber: (query) => outcomes.ofNumber(query).catch(rename),
    ofEvent: (id, source) => outcomes.ofEvent(id, source).catch(rename),
  };
}

function flowDeps(
  { kafka, groupId }: Sources,
  checks: CheckWatch,
  { backlogs, recent }: OpsSurroundings,
): FlowDeps {
  return {
    checks,
    groupId,
    backlogs: (asked) => readBacklogs(kafka, asked, Date.now()),
    openDeadLetters: async () =>
      selectDeadLetters(await readDeadLetters(kafka, { newest: LETTERS_BOUND }), { waiting: true }),
    ...backlogs,
    recent,
    now: Date.now,
  };
}

/** Who may log in to the operator's pages, and how often who fails. */
function operatorDeps(
  { SETTINGS_API_TOKENS: tokens, LOGIN_TRIES_PER_SOURCE: count }: OpsEnvironment,
  redis: RedisConnection,
): OperatorDeps {
  return {
    sessions: createOperatorSessions(redis),
    tokens,
    ownerOf: tokenOwners(tokens),
    sources: createSourceLimit(redis, { count, windowMs: SOURCE_WINDOW_MS }),
    now: Date.now,
  };
}
