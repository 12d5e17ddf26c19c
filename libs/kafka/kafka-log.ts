import kafkajs from 'kafkajs';
import type { LogEntry, logLevel } from 'kafkajs';

/** Where lines about Kafka go; pino's loggers fit. Lines never carry keys, values or headers. */
export interface KafkaLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Routes what kafkajs says one level lower: it calls a rebalance or a broker's restart an error, though it recovers
 * by itself, and a healthy system logs no ERROR. What it cannot recover from, the port that met it reports.
 */
export function createKafkajsLogCreator(log: KafkaLog): (level: logLevel) => (entry: LogEntry) => void {
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = entry.log;
    const line = { ...fields, kafkajs: entry.namespace };
    if (entry.level === kafkajs.logLevel.ERROR) log.warn(line, message);
    else if (entry.level === kafkajs.logLevel.WARN) log.info(line, message);
    else log.debug(line, message);
  };
}
