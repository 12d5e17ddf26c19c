import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Registry } from 'prom-client';
import { createLoginMetrics, type OperatorDeps } from '#access';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createActionLog } from '#operations';
import { trustedProxies } from '#pages';
import { createRegistry, tokenOwners, type ApiToken } from '#platform';
import { memoryOutbox, type MemoryOutbox } from '../../../../../libs/operations/testing/memory-outbox.ts';
import { createApp } from '../../create-app.ts';
import { createRecentOutcomes } from '../../outcomes/recent-outcomes.ts';
import { operateDeps } from '../../settings.module.ts';
import { awayParts } from '../../testing/away-parts.ts';
import type { OpsParts } from '../ops.module.ts';

/** The settings app with the operator's pages in this process, on sessions in memory and with a clock to turn. */
export interface OpsInMemory {
  readonly app: NestExpressApplication;
  readonly log: string[];
  /** Whose token may log in; a session lasts only while its own is here. */
  tokens: readonly ApiToken[];
  /** Seconds that the next tries have to wait. */
  sourceWait: number;
  /** The tries that failed, by their source. */
  readonly failed: string[];
  /** What is recorded of operators. */
  readonly outbox: MemoryOutbox;
  /** What the store holds: hash → text. */
  readonly sessions: Map<string, string>;
  /** Epoch milliseconds. */
  now: number;
}

const nothing = (): Promise<never[]> => Promise.resolve([]);
const NOTHING = { now: nothing, lately: nothing };

/** Opens the app; `parts` are what a test needs otherwise. Close `app` afterwards. */
export async function openOpsInMemory(parts: Partial<OpsParts> = {}): Promise<OpsInMemory> {
  const log: string[] = [];
  const memory = {
    log,
    tokens: [
      { name: 'helpdesk', token: 'abc:def' },
      { name: 'night', token: 'night-token' },
    ],
    sourceWait: 0,
    failed: [],
    outbox: memoryOutbox(),
    sessions: new Map<string, string>(),
    now: Date.parse('2026-11-28T10:00:00+09:00'),
  };
  const away = awayParts(log);
  const registry = createRegistry({ app: 'settings', version: '0' });
  const app = await createApp({
    parts: away,
    tokens: memory.tokens,
    checks: {},
    registry,
    version: '0',
    ops: {
      parts: {
        ...partsOf(memory, registry),
        access: operateDeps(away),
        logger: away.logger,
        ...parts,
      },
      isProxy: trustedProxies([]),
    },
  });
  return Object.assign(memory, { app });
}

/** Nothing has happened, and everything works. */
function partsOf(memory: Omit<OpsInMemory, 'app'>, registry: Registry): Omit<OpsParts, 'logger' | 'access'> {
  const [brand] = loadBrands(BRANDS_DIR).values();
  return {
    operators: operatorsOf(memory),
    letters: {
      copies: NOTHING,
      publisher: { publish: () => Promise.reject(new Error('no broker')) },
      topicPrefix: '',
      now: () => memory.now,
    },
    actionLog: createActionLog({ outbox: memory.outbox, now: () => memory.now }),
    actions: NOTHING,
    logins: createLoginMetrics(registry),
    flow: async () => ({ lookedAt: memory.now, groups: [] }),
    history: {
      ofNumber: async () => ({ items: [], nextCursor: null }),
      ofEvent: async () => [],
    },
    recent: createRecentOutcomes(() => memory.now),
    tellStory: async () => ({ events: [], untold: [], letters: [], unanswered: [] }),
    words: brand?.words ?? { nuisanceRefusal: '', numberRequest: '', voiceWarp: '' },
  };
}

function operatorsOf(memory: Omit<OpsInMemory, 'app'>): OperatorDeps {
  return {
    sessions: {
      start: async (hash, text) => void memory.sessions.set(hash, text),
      read: async (hash) => memory.sessions.get(hash),
      end: async (hash) => void memory.sessions.delete(hash),
    },
    get tokens() {
      return memory.tokens;
    },
    ownerOf: (token) => tokenOwners(memory.tokens)(token),
    sources: {
      take: async (source) => {
        if (memory.sourceWait === 0) memory.failed.push(source);
        return {
          retryAfterSeconds: memory.sourceWait,
          giveBack: async () => void memory.failed.splice(memory.failed.indexOf(source), 1),
        };
      },
    },
    now: () => memory.now,
  };
}
