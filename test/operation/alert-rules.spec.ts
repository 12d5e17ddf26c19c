import { ALERT_CASES } from './alert-cases.ts';
import { NOT_OWED, OWED_CASES, PAGE_CASES, TICKET_CASES, type BurnCase } from './burn-cases.ts';
import { checkRules, ruleFiles, testRules, type RuleCase } from './promtool.ts';

const files = await ruleFiles();
const [alerts, objectives] = ['alerts', 'slo'].map((name) =>
  files.filter((file) => file.endsWith(`${name}.rules.yml`)),
) as [string[], string[]];

/** Asks which alerts fire that match `labels`. */
function asked(
  labels: string,
  { fires, at, series, step }: Pick<BurnCase, 'fires' | 'at' | 'series' | 'step'>,
): RuleCase {
  const samples = fires.map((more) => ({ labels: `ALERTS{alertstate="firing",${more}}`, value: 1 }));
  const name = `at ${at}, with ${JSON.stringify(series)}`;
  return { name, series, step, at, query: `ALERTS{alertstate="firing",${labels}}`, samples };
}

describe('the rules', () => {
  it('are valid, and none is there twice', async () => {
    expect(await checkRules(files)).toContain('SUCCESS');
  });

  it.each([...new Set(ALERT_CASES.map(({ alert }) => alert))])(
    '%s fires beyond its limits, and is silent within them',
    async (alert) => {
      const name = `alertname="${alert}"`;
      const cases = ALERT_CASES.filter((one) => one.alert === alert).map((one) =>
        asked(name, { ...one, fires: one.fires.map((more) => `${name},${more}`) }),
      );
      await expect(testRules(cases, alerts)).resolves.toBeUndefined();
    },
  );

  it('page when the budget of an objective burns fast', async () => {
    await expect(
      testRules(
        PAGE_CASES.map((one) => asked('severity="page"', one)),
        objectives,
      ),
    ).resolves.toBeUndefined();
  });

  it('make a ticket when the budget of an objective burns slowly', async () => {
    await expect(
      testRules(
        TICKET_CASES.map((one) => asked('severity="ticket"', one)),
        objectives,
      ),
    ).resolves.toBeUndefined();
  });

  it('count as late what is given up, and nothing else', async () => {
    const late = 'slo:mails_late:rate1h{slo="one-time-passwords"}';
    const none = {
      'notify_delivery_seconds_count{kind="one-time-password"}': '0+5x60',
      'notify_delivery_seconds_bucket{kind="one-time-password",le="10"}': '0+5x60',
      'notify_decisions_total{kind="one-time-password",reason="too-late"}': '0x60',
      ...NOT_OWED,
    };
    const cases = Object.entries({ none: {}, ...OWED_CASES }).map(([name, more]) => ({
      name,
      series: { ...none, ...more },
      step: '1m',
      at: '60m',
      query: `round(${late} * 3600)`,
      samples: [{ labels: '{slo="one-time-passwords"}', value: name === 'none' ? 0 : 60 }],
    }));
    await expect(testRules(cases, objectives)).resolves.toBeUndefined();
  });
});
