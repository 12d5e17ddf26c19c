import type { Brand } from '#mail';

/** What the help says of one thing, in a brand's words. The names of pages and controls stand in 「」 as they are there. */
export interface HelpTopic {
  readonly title: string;
  /** What it is for: the index shows it, and the page begins with it. */
  readonly summary: string;
  /** The number to ring for it (national digits), where it is done by telephone. */
  readonly call?: string;
  /** What to do, each from the first step to the last. */
  readonly tasks: readonly { readonly heading: string; readonly steps: readonly string[] }[];
  /** What one should know before. */
  readonly remarks: readonly string[];
  readonly questions: readonly { readonly question: string; readonly answer: string }[];
}

/** Words a topic for a brand. */
export type HelpOf = (brand: Brand) => HelpTopic;

/** The first step of every setting of a service: the way to its page. */
export function toService(service: string): string {
  return `ログインして、「サービス選択」から「${service}」を選びます。電話番号が複数あるときは、続けて設定する電話番号を選びます。`;
}

/** The first step of every setting of a whole line. */
export function toLineService(service: string): string {
  return `契約電話番号でログインして、「サービス選択」から「${service}」を選びます。`;
}
