import { Chart } from './chart.ts';
import { Report } from './report.ts';
import { runScenario } from './scenarios.ts';

/** A scene on no servers at all. */
function sceneWithoutPostfix() {
  const said: string[] = [];
  const servers = { KAFKA_BROKERS: '', REDIS_URL: '', SMTP_URL: '', INBOX_URL: '' };
  const say = (text: string): void => void said.push(text);
  const size = {} as never;
  return {
    said,
    scene: { servers, size, report: new Report(), chart: new Chart(), say, postfix: undefined },
  };
}

describe('without smtp-sink', () => {
  it.each([
    ['mailing', 'mailing', ['mailsPerSecond', 'vsNodemailerPool', 'vsSmtpSource']],
    ['mailing', 'cost', ['cpuSecondsPerMillionMailed']],
    ['cluster', 'mailing', ['clusterRatio']],
    ['latency', 'latency', ['idleP99Ms', 'halfLoadP99Ms', 'slowServerExtraP99Ms']],
    ['access', 'access', ['backlogP50Ms', 'backlogP99Ms', 'backlogEvents']],
    ['access', 'memory', ['backlogMB']],
    ['recovery', 'memory', ['afterOutageMB']],
  ])('%s has null for its figures of %s, and says so', async (name, group, figures) => {
    const { scene, said } = sceneWithoutPostfix();
    const found = await runScenario(name, scene, { deciding: { eventsPerSecond: 1 } });
    expect(found[group]).toEqual(Object.fromEntries(figures.map((figure) => [figure, null])));
    expect(found['deciding']).toEqual({ eventsPerSecond: 1 });
    expect(said).toEqual([`${name}: not measured, because smtp-sink is not there`]);
  });
});
