import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeOutcomes, OUTCOMES_TOPIC, type RawRecord } from '#events';
import { createPublisher, followTopic, type Following, type KafkaConnection, type Publisher } from '#kafka';
import { localConnection } from '../../tools/local-connection.ts';
import { secretsInLogsOf } from '../../tools/run-secrets.ts';
import { Acknowledged } from './acknowledged.ts';
import type { LastOutcome } from './audit.ts';
import { EventStream } from './event-stream.ts';
import type { Ground } from './ground.ts';
import { KafkaView } from './kafka-view.ts';
import { MailServer } from './mail-server.ts';
import { notifierEnvironment, secretsOf } from './notifier-environment.ts';
import { NotifierProcess, type NotifierStart } from './notifier-process.ts';
import type { Random } from './random.ts';
import type { Cut } from './taken.ts';

/** A reply waits in memory while Redis is slow; its published outcome ends the window earlier. */
const KILL_WINDOW_MS = 15_000;
/** Bytes written by a killed process are read shortly after its death. */
const IN_FLIGHT_MS = 250;

/** How far a replica may lag behind its master. */
const REPLICATION_LAG_MS = 1_000;

type Outcome = LastOutcome & { readonly sequence: number };

/** Everything a row runs with: the servers, its own mail server and topics, notifiers, and a stream of events. */
export class Scene {
  readonly ground: Ground;
  readonly name: string;
  readonly random: Random;
  readonly mail: MailServer;
  readonly kafka: KafkaView;
  readonly publisher: Publisher;
  readonly notifiers: NotifierProcess[] = [];
  /** Other programs of ours. */
  private readonly others: NotifierProcess[] = [];
  /** The last outcome by event id. */
  readonly outcomes = new Map<string, Outcome>();
  /** When an outcome first reported a recipient's mail as accepted, by address. */
  readonly acceptedAt = new Map<string, number>();
  /** When the fault was repaired: `performance.now()`. */
  readonly healings: number[] = [];
  /** When notifiers were killed; the mail server records its own cuts. */
  readonly cuts: Cut[] = [];
  /** Poison records that Kafka acknowledged, as base64; each must become a dead letter. */
  readonly poison = new Set<string>();
  /** All ids that Kafka acknowledged to the harness, by topic. */
  readonly acknowledged = new Acknowledged();
  /** Holds the notifiers' logs. */
  readonly folder: string;
  private readonly connection: KafkaConnection;
  private readonly signal: AbortSignal;
  private following: Following | undefined;
  private streamOrNone: EventStream | undefined;
  private serial = 0;
  /** The secrets in its notifiers' environments. */
  private readonly secrets = new Set<string>();

  constructor(ground: Ground, name: string, random: Random, signal: AbortSignal) {
    this.ground = ground;
    this.name = name;
    this.random = random;
    this.signal = signal;
    this.folder = path.join(ground.folder, 'logs', name);
    this.mail = new MailServer(random);
    this.connection = localConnection(ground.bootstrap, name, `${name}.`);
    this.kafka = new KafkaView(this.connection);
    this.publisher = createPublisher(this.connection);
  }

  get stream(): EventStream {
    if (!this.streamOrNone) throw new Error('The stream has not begun');
    return this.streamOrNone;
  }

  /** Starts the mail server, the notifiers and the stream of events. */
  async begin(notifiers: number, perSecond: number): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await Promise.all([this.mail.up(), this.kafka.open()]);
    await this.kafka.createTopics();
    this.following = await followTopic(this.connection, OUTCOMES_TOPIC, (record) => this.hearAll(record));
    await Promise.all(Array.from({ length: notifiers }, () => this.startNotifier()));
    this.streamOrNone = new EventStream(this.publisher, this.acknowledged, this.name, perSecond);
  }

  /** Starts another notifier; resolves when it is ready. */
  async startNotifier(more: Partial<NotifierStart> = {}): Promise<NotifierProcess> {
    this.signal.throwIfAborted();
    const notifier = await NotifierProcess.start(this.startOf(more));
    this.notifiers.push(notifier);
    return notifier;
  }

  /** Starts another notifier without waiting until it is ready: a server may be away. */
  launchNotifier(more: Partial<NotifierStart> = {}): NotifierProcess {
    const notifier = NotifierProcess.launch(this.startOf(more));
    this.notifiers.push(notifier);
    return notifier;
  }

  /** Starts another program of ours, which is stopped with the row. */
  launch(main: string, more: Partial<NotifierStart> = {}): NotifierProcess {
    this.signal.throwIfAborted();
    const started = NotifierProcess.launch(this.startOf({ ...more, main }));
    this.others.push(started);
    return started;
  }

  private startOf(more: Partial<NotifierStart>): NotifierStart {
    this.serial += 1;
    const environment = {
      ...notifierEnvironment(this.ground, this.name, this.mail.url),
      ...more.environment,
    };
    for (const secret of secretsOf(environment)) this.secrets.add(secret);
    return {
      ...more,
      environment,
      logFile: path.join(this.folder, `${more.main === undefined ? 'notifier' : 'other'}-${this.serial}.log`),
    };
  }

  /** Kills a notifier and records the time: a mail just sent may be sent again. */
  async kill(notifier: NotifierProcess): Promise<void> {
    await notifier.kill();
    this.cuts.push({ at: performance.now() + IN_FLIGHT_MS, windowMs: KILL_WINDOW_MS });
    this.notifiers.splice(this.notifiers.indexOf(notifier), 1);
  }

  /**
   * Records a failover of Redis that began at `since` (`performance.now()`) and is over now. Writes that the old master
   * acknowledged just before it may be lost, so mails answered since then may be sent again.
   */
  failedOver(since: number): void {
    const at = performance.now();
    this.cuts.push({ at, windowMs: at - since + REPLICATION_LAG_MS });
  }

  async stop(notifier: NotifierProcess): Promise<number | null> {
    const code = await notifier.stop();
    this.notifiers.splice(this.notifiers.indexOf(notifier), 1);
    return code;
  }

  /** Starts a notifier with other settings and then stops the first one. */
  async replaceFirst(more: Partial<NotifierStart>): Promise<void> {
    const [first] = this.notifiers;
    await this.startNotifier(more);
    if (first) await this.stop(first);
  }

  /** Stops every notifier. */
  async stopAll(): Promise<void> {
    for (const notifier of this.notifiers.slice()) await this.stop(notifier);
  }

  /** Records that the fault is repaired: the time to full speed starts here. */
  healed(): void {
    this.healings.push(performance.now());
  }

  /** Waits while events are published. */
  pass(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.signal });
  }

  /** Waits for a random time. */
  passBetween(fromMs: number, toMs: number): Promise<void> {
    return this.pass(this.random.between(fromMs, toMs));
  }

  /** Replaces notifiers that exited by themselves, as a supervisor does; resolves with their number. */
  async replaceDead(): Promise<number> {
    const dead = this.notifiers.filter(({ runs }) => !runs);
    for (const notifier of dead) this.notifiers.splice(this.notifiers.indexOf(notifier), 1);
    await Promise.all(dead.map(() => this.startNotifier()));
    return dead.length;
  }

  /** Rejects when a secret appears in a notifier's log, in any encoding. */
  async expectSecretsKept(): Promise<void> {
    const found = await secretsInLogsOf(this.folder, this.secrets);
    if (found.length > 0) throw new Error(`a secret in a log: ${found.join('; ')}`);
  }

  async close(): Promise<void> {
    for (const notifier of this.notifiers) notifier.thaw();
    await this.streamOrNone?.end();
    await Promise.all([...this.notifiers, ...this.others].map((program) => program.stop()));
    await this.mail.down();
    await this.following?.close();
    await this.publisher.close();
    await this.kafka.deleteTopics().catch(() => undefined);
    await this.kafka.close();
  }

  /** Reads all outcomes again, because the fault may have disturbed the follower. */
  async readOutcomes(): Promise<void> {
    for (const record of await this.kafka.read(OUTCOMES_TOPIC)) this.hearAll(record);
  }

  private hearAll(record: RawRecord): void {
    const read = decodeOutcomes(record);
    if (read.ok) for (const item of read.value.items) this.hear(item.eventId, item);
  }

  private hear(id: string, outcome: Outcome): void {
    for (const { address, state } of outcome.recipients)
      if (state === 'accepted' && !this.acceptedAt.has(address))
        this.acceptedAt.set(address, performance.now());
    const before = this.outcomes.get(id);
    if (!before || outcome.sequence >= before.sequence) this.outcomes.set(id, outcome);
  }
}
