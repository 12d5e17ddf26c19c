import type { Scene } from './story.ts';

/** The part of an outcome that the table shows. */
interface PrintedOutcome {
  readonly reason: string;
  readonly recipients: readonly { readonly address: string; readonly state: string }[];
}

const WIDTHS = [39, 24, 0] as const;

/** Prints the table's head: what happened, why it did or did not become mail, and who was mailed. */
export function printHead(): void {
  row('what happened', 'reason', 'mails');
  row('─'.repeat(WIDTHS[0] - 2), '─'.repeat(WIDTHS[1] - 2), '─'.repeat(30));
}

/** Prints a scene and its outcome. */
export function printRow({ title }: Pick<Scene, 'title'>, outcome: PrintedOutcome | undefined): void {
  const mails = (outcome?.recipients ?? []).map(({ address, state }) => `${address} ${state}`);
  row(title, outcome?.reason ?? 'no outcome', mails[0] ?? '–');
  for (const mail of mails.slice(1)) row('', '', mail);
}

/** Prints an event that nobody could read, and that waits for a person. */
export function printDeadLetter(title: string, reason: string): void {
  row(title, reason, "none: a dead letter, on the operator's page");
}

function row(...cells: [string, string, string]): void {
  const line = cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join('');
  process.stdout.write(`${line.trimEnd()}\n`);
}
