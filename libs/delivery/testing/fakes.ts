import { Registry } from 'prom-client';
import type { RawRecord, RetryTopic } from '#events';
import type { ComposedMail, MailSender, SendResult } from '#mail';
import { DEFAULT_DEADLINES, type LineSettings, type NumberSettings } from '#rules';
import { LiveClaims } from '../live-claims.ts';
import { InFlightSends } from '../in-flight-sends.ts';
import { createDeliveryMetrics } from '../metrics.ts';
import type { Breaker, DeliveryDeps, Mailing, Publishing } from '../deps.ts';
import { RecordTraces } from '../record-traces.ts';
import { SendLimit } from '../send-limit.ts';
import { apply, type LineFaults, type TransferCommand } from '../fault-state/fault-state.ts';
import type {
  DeadLetterReason,
  DeliveryLog,
  FaultStates,
  Ledger,
  OutcomeItem,
  RecordBatch,
} from '../ports.ts';
import { createInMemoryLedger } from './in-memory-ledger.ts';
import { AT, LINE, numberSettings } from './records.ts';

/** What a delivery under test did, in the order it did it. */
export interface Seen {
  readonly sent: { address: string; messageId: string }[];
  readonly outcomes: OutcomeItem[];
  readonly retries: { record: RawRecord; topic: RetryTopic; headers: Readonly<Record<string, string>> }[];
  readonly deadLetters: { record: RawRecord; reason: DeadLetterReason; error: string }[];
  readonly commands: TransferCommand[];
  readonly logged: string[];
}

/** A circuit breaker that is opened by hand or by what is reported to it, and closed by hand. */
interface ManualBreaker extends Breaker {
  open(): void;
  close(): void;
}

function manualBreaker(): ManualBreaker {
  let isOpen = false;
  const open = (): void => {
    isOpen = true;
  };
  return {
    isOpen: () => isOpen,
    mailAnswered: () => undefined,
    mailUnavailable: open,
    mailCutOff: () => false,
    mailRefusedUs: () => false,
    redisUnavailable: open,
    open,
    close: () => {
      isOpen = false;
    },
  };
}

/** The answers of the mail server by address, in order; then it accepts. */
export type Script = Record<string, (() => SendResult | Promise<SendResult>)[]>;

/** Answers each send by address: what `script` says next, else accepted. */
function scriptedSender(seen: Seen, script: Script = {}): MailSender {
  return {
    async send(mail: ComposedMail, beforeData) {
      const next = script[mail.to]?.shift();
      if (!next) await beforeData();
      const result = next ? await next() : ({ kind: 'accepted', response: '250 2.0.0 Ok' } as const);
      if (result.kind === 'accepted') seen.sent.push({ address: mail.to, messageId: mail.messageId });
      return result;
    },
    probe: () => Promise.resolve(undefined),
    setConnectionLimit: () => undefined,
    close: () => Promise.resolve(),
  };
}

export interface FakeWorld {
  readonly seen: Seen;
  readonly deps: DeliveryDeps;
  readonly breaker: ManualBreaker;
  readonly numbers: Map<string, NumberSettings>;
  readonly lines: Map<string, LineSettings>;
}

/** All that a delivery needs, in memory: what it does can be read in `seen`. */
export function fakeWorld(ledger: Ledger, script: Script = {}, now: () => number = Date.now): FakeWorld {
  const seen: Seen = { sent: [], outcomes: [], retries: [], deadLetters: [], commands: [], logged: [] };
  const numbers = new Map<string, NumberSettings>();
  const lines = new Map<string, LineSettings>();
  const breaker = manualBreaker();
  const log = seenLog(seen);
  const deps: DeliveryDeps = {
    stores: {
      settings: {
        numbers: (asked) => Promise.resolve(asked.map((number) => numbers.get(number))),
        lines: (asked) => Promise.resolve(asked.map((line) => lines.get(line))),
      },
      ledger,
      faults: inMemoryFaults(),
    },
    publishing: seenPublishing(seen),
    installation: {
      openSecret: () => ({ ok: true }),
      deadlinesOf: () => DEFAULT_DEADLINES,
      knownBrand: (brand) => brand === 'ntt-east',
    },
    mailing: { sender: scriptedSender(seen, script), compose: composeShort, limit: new SendLimit(10) },
    flow: {
      breaker,
      claims: new LiveClaims(ledger, breaker, log),
      inProgress: new Map(),
      inFlight: new InFlightSends(),
      ending: new AbortController().signal,
    },
    telemetry: { metrics: createDeliveryMetrics(new Registry()), log, traces: new RecordTraces() },
    now,
  };
  return { seen, deps, breaker, numbers, lines };
}

/**
 * A world whose number has the call notice for these addresses; its clock stands 20 s behind the call of `callRecord`.
 */
export function callWorld(
  script: Script = {},
  now: () => number = () => AT + 20_000,
  ...addresses: string[]
): FakeWorld {
  const world = fakeWorld(createInMemoryLedger({ now }), script, now);
  const recipients = addresses.length > 0 ? addresses : ['a@example.jp', 'b@example.jp'];
  world.numbers.set(LINE, numberSettings(...recipients));
  return world;
}

/** The retry records seen since they were last asked for, as they come back by their topic. */
export function retried({ seen, deps }: Pick<FakeWorld, 'seen' | 'deps'>): RawRecord[] {
  return seen.retries.splice(0).map(({ record, topic, headers }, index) => ({
    ...record,
    topic,
    offset: String(index),
    timestamp: deps.now(),
    headers: { ...record.headers, ...headers },
  }));
}

/** The dependencies that a test replaces, by group. */
type Replaced = { readonly [G in Exclude<keyof DeliveryDeps, 'now'>]?: Partial<DeliveryDeps[G]> };

/** The same dependencies, with some of them replaced. */
export function withDeps(deps: DeliveryDeps, replaced: Replaced): DeliveryDeps {
  return {
    stores: { ...deps.stores, ...replaced.stores },
    publishing: { ...deps.publishing, ...replaced.publishing },
    installation: { ...deps.installation, ...replaced.installation },
    mailing: { ...deps.mailing, ...replaced.mailing },
    flow: { ...deps.flow, ...replaced.flow },
    telemetry: { ...deps.telemetry, ...replaced.telemetry },
    now: deps.now,
  };
}

const composeShort: Mailing['compose'] = (_, event, address) => ({
  from: 'bounce@example.jp',
  to: address,
  messageId: `<${event.id}.${address}>`,
  message: Buffer.from('x'),
});

function seenPublishing(seen: Seen): Publishing {
  return {
    outcomes: { publish: async (items) => void seen.outcomes.push(...items) },
    retries: { put: async (record, topic, headers) => void seen.retries.push({ record, topic, headers }) },
    deadLetters: {
      keep: async (record, reason, error) => void seen.deadLetters.push({ record, reason, error }),
    },
    commands: { bulkTransfer: async (command) => void seen.commands.push(command) },
  };
}

function seenLog(seen: Seen): DeliveryLog {
  const log = (_: object, message: string): void => void seen.logged.push(message);
  return { info: log, warn: log, error: log };
}

function inMemoryFaults(): FaultStates {
  const lines = new Map<string, LineFaults>();
  return {
    report: async (report) => {
      const { state, ...answer } = apply(lines.get(report.lineNumber) ?? new Map(), report);
      lines.set(report.lineNumber, state);
      return answer;
    },
  };
}

/** A batch in memory; `offsets` lists those that were acknowledged. */
export function fakeBatch(
  records: readonly RawRecord[],
): RecordBatch & { readonly offsets: string[]; abort(): void } {
  const offsets: string[] = [];
  const abort = new AbortController();
  return {
    topic: records[0]?.topic ?? 'call-events',
    partition: 0,
    records,
    ack: (record) => void offsets.push(record.offset),
    fence: () => Promise.resolve(),
    signal: abort.signal,
    offsets,
    abort: () => abort.abort(),
  };
}
