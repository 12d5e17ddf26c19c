import kafkajs from 'kafkajs';
import type { LogEntry, logLevel } from 'kafkajs';

/** Where lines about Kafka go; pino's loggers fit. Lines never carry keys, values or headers. */
export interface KafkaLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** While a broker is away kafkajs says so at every try, hundreds of times a second. */
const SAY_AGAIN_MS = 10_000;

/**
 * Routes what kafkajs says one level lower: it calls a rebalance or a broker's restart an error, though it recovers
 * by itself, and a healthy system logs no ERROR. What it cannot recover from, the port that met it reports. What it
 * repeats within ten seconds goes to debug.
 */
export function createKafkajsLogCreator(
  log: KafkaLog,
  now: () => number = Date.now,
): (level: logLevel) => (entry: LogEntry) => void {
  const { ERROR, WARN } = kafkajs.logLevel;
  const isNews = createRepetitionFilter(now);
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = entry.log;
    const line = { ...fields, kafkajs: entry.namespace };
    const aloud = (entry.level === ERROR || entry.level === WARN) && isNews(`${entry.level} ${message}`);
    if (aloud && entry.level === ERROR) log.warn(line, message);
    else if (aloud) log.info(line, message);
    else log.debug(line, message);
  };
}

function createRepetitionFilter(now: () => number): (text: string) => boolean {
  const saidAt = new Map<string, number>();
  return (text) => {
    const at = now();
    if (at - (saidAt.get(text) ?? -Infinity) < SAY_AGAIN_MS) return false;
    // Messages carry addresses and the like: what is old is forgotten before it becomes much.
    if (saidAt.size >= 100) saidAt.clear();
    saidAt.set(text, at);
    return true;
  };
}
