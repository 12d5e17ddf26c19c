import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { formsOf } from '#events';

/** The variable by which a run tells its tests where to keep what apps write. */
export const LOGS_FOLDER_VARIABLE = 'DENWA_TEST_LOGS';

/** Beside the logs: the secrets that the run used, a JSON string on each line. */
export const SECRETS_FILE = 'secrets.jsonl';

/** The secrets that stand in a text, in whatever form, each with the line it was found in and itself masked there. */
export function secretsFoundIn(text: string, secrets: Iterable<string>): string[] {
  const all = [...secrets].map((secret) => ({ secret, forms: formsOf(secret) }));
  return all.flatMap(({ secret, forms }) => {
    const form = forms.find((one) => text.includes(one));
    if (form === undefined) return [];
    const at = text.indexOf(form);
    const from = text.lastIndexOf('\n', at) + 1;
    const [line = ''] = text.slice(from, at + form.length + 200).split('\n');
    return [`${secret.slice(0, 2)}… in: ${line.replaceAll(form, '***').slice(0, 400)}`];
  });
}

/** What the logs in a folder tell of the secrets that the run used: a line for each secret and log. Rejects without any log. */
export async function secretsInLogs(folder: string): Promise<string[]> {
  const lines = await readFile(path.join(folder, SECRETS_FILE), 'utf8');
  const secrets = new Set(
    lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string),
  );
  return secretsInLogsOf(folder, secrets);
}

/** What the logs in a folder tell of these secrets: a line for each secret and log. */
export async function secretsInLogsOf(folder: string, secrets: Iterable<string>): Promise<string[]> {
  const all = [...secrets];
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.log')) continue;
    const text = await readFile(path.join(folder, name), 'utf8');
    found.push(...secretsFoundIn(text, all).map((one) => `${name}: ${one}`));
  }
  return found;
}
