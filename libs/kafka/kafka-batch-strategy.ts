import { ServerKafka } from '@nestjs/microservices';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { KafkaConnection } from './kafka-connection.ts';

export interface LaneOptions {
  readonly connection: KafkaConnection;
  /** The consumer group, exactly as Kafka sees it: `denwa-notify-main`. */
  readonly groupId: string;
  /** The topics of the lane, without prefix; each needs one `@EventPattern('<topic>')` handler. */
  readonly topics: readonly string[];
  /** The consumer is dead or hangs: log it and end the process. */
  readonly onFatal: (error: Error) => void;
}

export interface Readiness {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

/**
 * A lane: one consumer group whose `@EventPattern` handlers get a `RecordBatch` and answer with a `BatchResult`.
 * What a handler did not settle is fetched again; a handler that throws is tried again after a second.
 */
export class KafkaBatchStrategy extends ServerKafka implements CustomTransportStrategy {
  constructor(options: LaneOptions) {
    super({
      client: { brokers: [], clientId: options.connection.clientId },
      consumer: { groupId: options.groupId },
      postfixId: '',
    });
  }

  /** Stops fetching from every partition within a second, whatever rebalances come, until `resume()` (the breaker). */
  pause(): void {}
  resume(): void {}
  /** Whether it has joined its group and the group knows of it. */
  ready(): Readiness {
    return { ok: false, reasons: [] };
  }
  /** Records not yet settled, by topic without prefix, of this process's partitions. */
  lag(): ReadonlyMap<string, number> {
    return new Map();
  }
  /** Age in seconds of the oldest unsettled record by its Kafka timestamp, by topic without prefix; 0 when there is none. */
  oldestUnsettledSeconds(): ReadonlyMap<string, number> {
    return new Map();
  }
}
