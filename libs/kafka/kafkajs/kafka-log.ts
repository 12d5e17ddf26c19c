import kafkajs from 'kafkajs';
import type { LogEntry, logLevel } from 'kafkajs';

/** The logger for everything about Kafka; a pino logger fits. No line contains a record's key, value or headers. */
export interface KafkaLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** While a broker is down, kafkajs logs every attempt, hundreds of times a second. */
const REPEAT_AFTER_MS = 10_000;

/**
 * Logs what kafkajs logs, one level lower: it calls a rebalance or a broker's restart an error although it recovers by
 * itself, and a healthy system logs no ERROR. What it cannot recover from is reported by its caller. A message that is
 * repeated within ten seconds goes to debug.
 */
export function createKafkajsLogCreator(
  log: KafkaLog,
  now: () => number = Date.now,
): (level: logLevel) => (entry: LogEntry) => void {
  const { ERROR, WARN } = kafkajs.logLevel;
  const isNew = createRepetitionFilter(now);
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = entry.log;
    const line = { ...fields, kafkajs: entry.namespace, reason: message };
    const isVisible = (entry.level === ERROR || entry.level === WARN) && isNew(`${entry.level} ${message}`);
    if (isVisible && entry.level === ERROR) log.warn(line, 'Kafka’s client reports trouble');
    else if (isVisible) log.info(line, 'Kafka’s client reports something unusual');
    else log.debug(line, 'Kafka’s client reports');
  };
}

function createRepetitionFilter(now: () => number): (text: string) => boolean {
  const loggedAt = new Map<string, number>();
  return (text) => {
    const at = now();
    if (at - (loggedAt.get(text) ?? -Infinity) < REPEAT_AFTER_MS) return false;
    // Messages contain addresses and the like, so the map would grow without end.
    if (loggedAt.size >= 100) loggedAt.clear();
    loggedAt.set(text, at);
    return true;
  };
}
