import { readFileSync } from 'node:fs';
import type { MetricDeclaration } from '#metrics';
import { alertTable, shippedAlerts, shippedRules } from '../../tools/docs/alert-table.ts';
import { METRICS_OF_APPS } from '../../tools/docs/metrics-of-apps.ts';
import { pageSections } from '../support/page-sections.ts';

const RUNBOOKS = [
  {
    page: 'docs/runbook.md',
    whom: /\b[Cc]all(ed)?\b/,
    loss: /\b(lost|[Nn]o mail is affected|No other mail)\b/,
  },
  { page: 'docs/runbook.ja.md', whom: /^\*\*連絡先\*\*：/m, loss: /失われ|メールには影響しません/ },
].map((runbook) => ({ ...runbook, sections: pageSections(readFileSync(runbook.page, 'utf8')) }));
const alerts = shippedAlerts();
const names = [...new Set(alerts.map(({ alert }) => alert))];
const rules = shippedRules();
const recorded = new Set(rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
const declared = new Map<string, MetricDeclaration>(
  Object.values(METRICS_OF_APPS).flatMap((metrics: readonly MetricDeclaration[]) =>
    metrics.map((metric): [string, MetricDeclaration] => [metric.name, metric]),
  ),
);
/** What every process has besides, or Prometheus itself makes. */
const OTHERS = ['up', 'process_start_time_seconds'];

/** Each series that an expression selects: its name, and the values of its labels that the selector names. */
function selectorsIn(expr: string): { name: string; labels: Map<string, string[]> }[] {
  return Array.from(
    expr.matchAll(/\b((?:\w+:)*(?:notify_|up\b|process_|mails_)\w*(?::\w+)*)(?:\{([^}]*)\})?/g),
    ([, name = '', selector = '']) => ({
      name,
      labels: new Map(
        Array.from(
          selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g),
          ([, label = '', values = '']) => [label, values.split('|')],
        ),
      ),
    }),
  );
}

/** The declaration that a series belongs to; a histogram has three series. */
function declarationOf(name: string): MetricDeclaration | undefined {
  return declared.get(name) ?? declared.get(name.replace(/_(bucket|count|sum)$/, ''));
}

describe('the alerts', () => {
  it.each(alerts)(
    '$alert ($labels.severity) tells what it found, in two languages',
    ({ labels, annotations }) => {
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/^[A-Z][^$]*[^.]$/);
      expect(annotations.summary_ja).toMatch(/[ぁ-ん]/);
      expect(annotations.description).toMatch(/\{\{.*\}\}|^Its Redis/);
    },
  );

  describe.each(RUNBOOKS)('in $page', ({ sections, whom, loss }) => {
    it.each(names)('%s has its section with three things to do', (alert) => {
      const section = sections.find(({ anchor }) => anchor === alert.toLowerCase())?.text ?? '';
      expect(section.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ']);
      expect(section).toMatch(whom);
      expect(section).toMatch(loss);
    });

    it('are all there are sections for', () => {
      const anchors = sections.map(({ anchor }) => anchor);
      const first = anchors.indexOf('when-an-alert-wakes-you') + 1;
      expect(anchors.slice(first, anchors.indexOf('is-mail-flowing')).sort()).toEqual(
        names.map((alert) => alert.toLowerCase()).sort(),
      );
    });
  });

  it.each(alerts)('$alert ($labels.severity) leads to its section', ({ alert, annotations }) => {
    expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
  });

  it('stand in the table of each language', () => {
    expect(alertTable('en')).toContain('| [BreakerOpen](#breakeropen) | yes | A server is away');
    expect(alertTable('ja')).toContain('| [BreakerOpen](#breakeropen) | する | 接続先のサーバー');
    expect(alertTable('en').indexOf('BreakerOpen')).toBeLessThan(alertTable('en').indexOf('ClearTextMail'));
  });
});

describe('the rules', () => {
  const selectors = rules.flatMap(({ expr }) => selectorsIn(expr));

  it('ask only for series that the apps have, or that are recorded', () => {
    const names = new Set(selectors.map(({ name }) => name));
    expect(names.size).toBeGreaterThan(15);
    const unknown = [...names].filter(
      (name) => !declarationOf(name) && !recorded.has(name) && !OTHERS.includes(name),
    );
    expect(unknown).toEqual([]);
    expect([...recorded].filter((name) => !names.has(name))).toEqual([]);
  });

  it('ask only for labels and values that these series have', () => {
    const wrong = selectors.flatMap(({ name, labels }) => {
      const metric = declarationOf(name);
      if (!metric) return [];
      return [...labels].flatMap(([label, values]) => {
        const known = label === 'le' ? metric.buckets?.map(String) : metric.labels[label];
        if (known === undefined) return [`${name}: ${label}`];
        if (!Array.isArray(known)) return [];
        const isKnown = (value: string): boolean =>
          known.some((one: string) => new RegExp(`^(${value})$`).test(one));
        return values.filter((value) => !isKnown(value)).map((value) => `${name}: ${label} ${value}`);
      });
    });
    expect(wrong).toEqual([]);
  });
});
