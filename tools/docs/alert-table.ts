import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Language } from './between-markers.ts';

/** An alert as the rules that are shipped have it. */
export interface ShippedAlert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<
    Record<'summary' | 'summary_ja' | 'description' | 'runbook_url', string | undefined>
  >;
}

type ShippedRule = ShippedAlert | { readonly record: string; readonly expr: string };

/** Every rule of `ops/prometheus`, in order. */
export function shippedRules(): readonly ShippedRule[] {
  const files = globSync('ops/prometheus/*.rules.yml').sort();
  return files.flatMap((file) => {
    const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: ShippedRule[] }[] };
    return groups.flatMap(({ rules }) => rules);
  });
}

/** The alerts of `ops/prometheus`; one that is a page and a ticket is there twice. */
export function shippedAlerts(): readonly ShippedAlert[] {
  return shippedRules().filter((rule): rule is ShippedAlert => 'alert' in rule);
}

const WORDS = {
  en: { head: ['alert', 'wakes', 'what it says'], page: 'yes', ticket: 'no', both: 'when it is worse' },
  ja: { head: ['アラート', '呼び出し', '内容'], page: 'する', ticket: 'しない', both: '重いときだけ' },
} as const;

/** The table of the alerts at the top of the runbook: those that wake somebody first; each links to its section. */
export function alertTable(language: Language): string {
  const { head, ...words } = WORDS[language];
  const severities = new Map<string, Set<string>>();
  const alerts = shippedAlerts();
  for (const { alert, labels } of alerts)
    severities.set(alert, (severities.get(alert) ?? new Set()).add(labels.severity));
  const rows = [...severities].map(([name, of]) => {
    const { annotations } = alerts.find(({ alert }) => alert === name) as ShippedAlert;
    const wakes = of.size > 1 ? words.both : of.has('page') ? words.page : words.ticket;
    const summary = language === 'ja' ? annotations.summary_ja : annotations.summary;
    const row = `| [${name}](#${name.toLowerCase()}) | ${wakes} | ${summary ?? ''} |`;
    return { row, wakes: of.has('page') };
  });
  const sorted = [...rows.filter(({ wakes }) => wakes), ...rows.filter(({ wakes }) => !wakes)];
  return [`| ${head.join(' | ')} |`, '| --- | --- | --- |', ...sorted.map(({ row }) => row)].join('\n');
}
