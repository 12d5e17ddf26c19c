import { DECIDING_PREFIX } from './bench-servers.ts';
import type { Figures } from './figures.ts';
import { overtakeBacklog } from './overtake-backlog.ts';
import type { MailScene } from './scenario.ts';
import { percentile, rounded } from './statistics.ts';

/** Measures one-time passwords in their own process while another process works off a backlog of calls. */
export async function access(scene: MailScene): Promise<Figures> {
  const { size, report, chart } = scene;
  const backlog = { topicPrefix: DECIDING_PREFIX, groupId: 'bench-access', events: size.calls };
  return overtakeBacklog(scene, backlog, async ({ times, run: { residentMB, samples } }) => {
    chart.add('backlog beside one-time passwords', samples);
    for (const part of [0.5, 0.99, 0.999])
      report.add(
        `one-time password, ${size.calls} calls waiting, p${rounded(part * 100, 1)}`,
        [percentile(times, part)],
        'ms',
      );
    report.add('one-time passwords measured', [times.length], '');
    report.add('the other process: resident memory, most', [residentMB], 'MB');
    return {
      access: {
        backlogP50Ms: rounded(percentile(times, 0.5)),
        backlogP99Ms: rounded(percentile(times, 0.99)),
        backlogEvents: size.calls,
      },
      memory: { backlogMB: rounded(residentMB) },
    };
  });
}
