import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeOutcomes, OUTCOMES_TOPIC, type RawRecord } from '#events';
import { createPublisher, followTopic, type Following, type KafkaConnection, type Publisher } from '#kafka';
import { localConnection } from '../../tools/local-connection.ts';
import { secretsInLogsOf } from '../../tools/run-secrets.ts';
import { Acknowledged } from './acknowledged.ts';
import type { Told } from './audit.ts';
import { EventStream } from './event-stream.ts';
import type { Ground } from './ground.ts';
import { KafkaView } from './kafka-view.ts';
import { MailServer } from './mail-server.ts';
import { notifierEnvironment, secretsOf } from './notifier-environment.ts';
import { NotifierProcess, type NotifierStart } from './notifier-process.ts';
import type { Random } from './random.ts';
import type { Cut } from './taken.ts';

/** An answer waits in memory while Redis is slow; an outcome that tells it ends the window sooner. */
const KILL_WINDOW_MS = 15_000;
/** What a killed process had written is read a moment after its death. */
const IN_FLIGHT_MS = 250;

/** A replica may be behind its master by so much. */
const REPLICATION_LAG_MS = 1_000;

type Outcome = Told & { readonly sequence: number };

/** Where a row plays: servers, a mail server and topics of its own, notifiers at work, a stream of events. */
export class Scene {
  readonly ground: Ground;
  readonly name: string;
  readonly random: Random;
  readonly mail: MailServer;
  readonly kafka: KafkaView;
  readonly publisher: Publisher;
  readonly notifiers: NotifierProcess[] = [];
  /** By event id, the last one told. */
  readonly outcomes = new Map<string, Outcome>();
  /** When an outcome first told that a recipient's mail was accepted, by address. */
  readonly acceptedAt = new Map<string, number>();
  /** When what was broken worked again: `performance.now()`. */
  readonly healings: number[] = [];
  /** Notifiers killed; the mail server keeps its own. */
  readonly cuts: Cut[] = [];
  /** Poisonous records that Kafka acknowledged, as base64: each has to be in the dead letters. */
  readonly poison = new Set<string>();
  /** Everything that Kafka acknowledged to the harness, by topic. */
  readonly acknowledged = new Acknowledged();
  /** Where its notifiers' logs are. */
  readonly folder: string;
  private readonly connection: KafkaConnection;
  private readonly signal: AbortSignal;
  private following: Following | undefined;
  private streamOrNone: EventStream | undefined;
  private serial = 0;
  /** What its notifiers were started with. */
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

  /** Everything up and ready, and the events coming. */
  async begin(notifiers: number, perSecond: number): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await Promise.all([this.mail.up(), this.kafka.open()]);
    await this.kafka.createTopics();
    this.following = await followTopic(this.connection, OUTCOMES_TOPIC, (record) => this.hearAll(record));
    await Promise.all(Array.from({ length: notifiers }, () => this.startNotifier()));
    this.streamOrNone = new EventStream(this.publisher, this.acknowledged, this.name, perSecond);
  }

  /** Starts one more notifier; resolves when it is ready. */
  async startNotifier(more: Partial<NotifierStart> = {}): Promise<NotifierProcess> {
    this.signal.throwIfAborted();
    const notifier = await NotifierProcess.start(this.startOf(more));
    this.notifiers.push(notifier);
    return notifier;
  }

  /** Starts one more notifier and does not wait until it is ready: a server may be away. */
  launchNotifier(): NotifierProcess {
    const notifier = NotifierProcess.launch(this.startOf({}));
    this.notifiers.push(notifier);
    return notifier;
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
      logFile: path.join(this.folder, `notifier-${this.serial}.log`),
    };
  }

  /** SIGKILL, remembered: what it had just sent may come again. */
  async kill(notifier: NotifierProcess): Promise<void> {
    await notifier.kill();
    this.cuts.push({ at: performance.now() + IN_FLIGHT_MS, windowMs: KILL_WINDOW_MS });
    this.notifiers.splice(this.notifiers.indexOf(notifier), 1);
  }

  /**
   * A failover of Redis is over that began at `since` (`performance.now()`): what the old master had acknowledged just
   * before may be forgotten, so a mail that was answered then, or since, may come again.
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

  /** Replaces the first notifier by one with other settings, which is ready before the first one stops. */
  async replaceFirst(more: Partial<NotifierStart>): Promise<void> {
    const [first] = this.notifiers;
    await this.startNotifier(more);
    if (first) await this.stop(first);
  }

  /** Stops every notifier. */
  async stopAll(): Promise<void> {
    for (const notifier of this.notifiers.slice()) await this.stop(notifier);
  }

  /** What was broken works again: from here the time to full speed counts. */
  healed(): void {
    this.healings.push(performance.now());
  }

  /** Lets some time pass while the events come. */
  pass(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.signal });
  }

  /** A moment that only the seed knows. */
  passBetween(fromMs: number, toMs: number): Promise<void> {
    return this.pass(this.random.between(fromMs, toMs));
  }

  /** Starts anew what ended by itself, as a supervisor does; resolves with how many that were. */
  async replaceDead(): Promise<number> {
    const dead = this.notifiers.filter(({ runs }) => !runs);
    for (const notifier of dead) this.notifiers.splice(this.notifiers.indexOf(notifier), 1);
    await Promise.all(dead.map(() => this.startNotifier()));
    return dead.length;
  }

  /** Rejects when a secret stands in a log of its notifiers, in whatever form. */
  async expectSecretsKept(): Promise<void> {
    const found = await secretsInLogsOf(this.folder, this.secrets);
    if (found.length > 0) throw new Error(`a secret in a log: ${found.join('; ')}`);
  }

  async close(): Promise<void> {
    for (const notifier of this.notifiers) notifier.thaw();
    await this.streamOrNone?.end();
    await Promise.all(this.notifiers.map((notifier) => notifier.stop()));
    await this.mail.down();
    await this.following?.close();
    await this.publisher.close();
    await this.kafka.deleteTopics().catch(() => undefined);
    await this.kafka.close();
  }

  /** Reads all outcomes once more from the log: a reader that follows may have been hurt by the fault itself. */
  async readOutcomes(): Promise<void> {
    for (const record of await this.kafka.read(OUTCOMES_TOPIC)) this.hearAll(record);
  }

  private hearAll(record: RawRecord): void {
    const read = decodeOutcomes(record);
    if (read.ok) for (const item of read.value.items) this.hear(item.eventId, item);
  }

  private hear(id: string, told: Outcome): void {
    for (const { address, state } of told.recipients)
      if (state === 'accepted' && !this.acceptedAt.has(address))
        this.acceptedAt.set(address, performance.now());
    const before = this.outcomes.get(id);
    if (!before || told.sequence >= before.sequence) this.outcomes.set(id, told);
  }
}
