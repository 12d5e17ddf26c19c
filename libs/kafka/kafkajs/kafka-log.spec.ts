import kafkajs from 'kafkajs';
import { createKafkajsLogCreator } from './kafka-log.ts';

function collectingLog() {
  const lines: [string, { reason?: string }, string][] = [];
  const at = (level: string) => (fields: { reason?: string }, message: string) =>
    void lines.push([level, fields, message]);
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

describe('createKafkajsLogCreator', () => {
  const { ERROR, WARN, INFO, DEBUG } = kafkajs.logLevel;

  it.each([
    [ERROR, 'warn'],
    [WARN, 'info'],
    [INFO, 'debug'],
    [DEBUG, 'debug'],
  ])('logs kafkajs’ level %s as %s, for a healthy system logs no ERROR', (level, ours) => {
    const log = collectingLog();
    const entry = {
      timestamp: 'now',
      logger: 'kafkajs',
      message: 'rebalancing',
      stack: 'at …',
      groupId: 'g',
    };
    createKafkajsLogCreator(log)(INFO)({ namespace: 'Runner', level, label: '', log: entry });
    const fields = { groupId: 'g', kafkajs: 'Runner', reason: 'rebalancing' };
    expect(log.lines).toEqual([[ours, fields, expect.stringMatching(/^Kafka’s client reports/)]]);
  });

  it('says aloud only once in ten seconds what kafkajs repeats', () => {
    const log = collectingLog();
    let now = 0;
    const say = createKafkajsLogCreator(log, () => now)(INFO);
    const entry = (message: string) => ({
      namespace: 'C',
      level: ERROR,
      label: '',
      log: { timestamp: '', message },
    });
    for (now = 0; now <= 10_000; now += 1_000) say(entry('refused'));
    say(entry('closed'));
    expect(log.lines.filter(([level]) => level === 'warn').map(([, { reason }]) => reason)).toEqual([
      'refused',
      'refused',
      'closed',
    ]);
    expect(log.lines).toHaveLength(12);
  });
});
