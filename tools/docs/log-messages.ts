import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Language } from './between-markers.ts';

/** The levels that are written by default, the gravest first. */
const LEVELS = ['fatal', 'error', 'warn', 'info'] as const;

const text = z.strictObject({ en: z.string().min(1), ja: z.string().min(1) });
const messages = z.array(
  z.strictObject({
    message: z.string(),
    levels: z.array(z.enum(LEVELS)).min(1),
    apps: z.array(z.enum(['notifier', 'settings', 'site', 'voice'])).min(1),
    means: text,
    action: text,
  }),
);

/** Every message that an app may log at `info` or above. */
export const LOG_MESSAGES = messages.parse(
  parse(readFileSync(new URL('log-messages.yaml', import.meta.url), 'utf8')),
);

const HEADS: Readonly<Record<Language, readonly string[]>> = {
  en: ['`msg`', 'level', 'app', 'what it means', 'what to do'],
  ja: ['`msg`', 'レベル', 'アプリ', '意味', '対応'],
};

/** The runbook's table of the messages, the gravest first. */
export function logMessagesTable(language: Language): string {
  const rows = LOG_MESSAGES.toSorted((a, b) => gravity(a.levels) - gravity(b.levels)).map(
    ({ message, levels, apps, means, action }) => [
      `\`${message}\``,
      levels.join(', '),
      apps.join(', '),
      means[language],
      action[language],
    ],
  );
  const head = HEADS[language];
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function gravity(levels: readonly (typeof LEVELS)[number][]): number {
  return Math.min(...levels.map((level) => LEVELS.indexOf(level)));
}
