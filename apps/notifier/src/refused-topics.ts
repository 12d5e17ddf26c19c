import { KafkaError, type Publisher } from '#kafka';
import type { Logger } from '#platform';

/** Records that wait for a topic are retried every second; without a refusal for this long, none waits here. */
const REMEMBER_MS = 30_000;

interface Refusal {
  readonly reason: string;
  readonly at: number;
}

/**
 * The topics that Kafka does not let us write to (permissions revoked in operation). Their records stay where they are,
 * so nothing else would show it: the log names each topic when its refusals begin, `trouble` while they last.
 */
export class RefusedTopics {
  private readonly log: Pick<Logger, 'error'>;
  private readonly now: () => number;
  private readonly refusals = new Map<string, Refusal>();

  /** `now`: a monotonic clock, in milliseconds. */
  constructor(log: Pick<Logger, 'error'>, now: () => number = () => performance.now()) {
    this.log = log;
    this.now = now;
  }

  /** Wraps a publisher so that its refusals are noticed. */
  watch(publisher: Publisher): Publisher {
    return {
      publish: async (records, options) => {
        try {
          await publisher.publish(records, options);
        } catch (error) {
          if (error instanceof KafkaError && error.code === 'not-authorized') {
            for (const topic of new Set(records.map((record) => record.topic))) this.refused(topic, error);
          }
          throw error;
        }
      },
      close: () => publisher.close(),
    };
  }

  /** The topics that Kafka refuses now, each with its reason; `undefined` when it refuses none. */
  get trouble(): string | undefined {
    const now = [...this.refusals].filter(([, refusal]) => this.isFresh(refusal));
    return now.map(([topic, { reason }]) => `cannot write to ${topic} (${reason})`).join('; ') || undefined;
  }

  private refused(topic: string, error: KafkaError): void {
    const known = this.refusals.get(topic);
    this.refusals.set(topic, { reason: error.message, at: this.now() });
    if (known && this.isFresh(known)) return;
    this.log.error({ err: error, topic }, 'Kafka does not let us write to a topic: what belongs there waits');
  }

  private isFresh({ at }: Refusal): boolean {
    return this.now() - at < REMEMBER_MS;
  }
}
